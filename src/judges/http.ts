/** Asks a service over HTTP: the operator's own, or a known one. */
import type { AskJudge } from '../terms/judge.ts'
import { each, postJson } from './fetching.ts'
import type { Setup } from './means.ts'
import { alibaba } from './services/alibaba.ts'
import { azureContentSafety } from './services/azure-content-safety.ts'
import { ownService } from './services/own-service.ts'
import { perspective } from './services/perspective.ts'
import { presidio } from './services/presidio.ts'
import { materials, type Service } from './services/service.ts'
import { asker } from './unfit.ts'

/** @throws SluiceError `configuration` where a variable is missing. */
export function http(setup: Setup): AskJudge {
  const service = serviceOf(setup.text('preset', 'own'), setup)
  return asker((question, aborted) =>
    each(materials(question, service.most), aborted, async (material, signal) => {
      const { address, body, headers } = await service.request(material)
      return service.answer(await postJson(setup.fetch, address, body, headers, signal), material)
    }),
  )
}

function serviceOf(preset: string, setup: Setup): Service {
  switch (preset) {
    case 'own':
      return ownService(setup)
    case 'azure-content-safety':
      return azureContentSafety(setup)
    case 'perspective':
      return perspective(setup)
    case 'presidio':
      return presidio(setup)
    case 'alibaba':
      return alibaba(setup)
    default:
      throw setup.wrong(`has a preset that there is not: ${preset}`)
  }
}
