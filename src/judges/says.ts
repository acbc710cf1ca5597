/** What a judge can say at all, as far as its kind is known: what a policy asks for beyond that would never come. */
import { harms } from './services/azure-content-safety.ts'
import { llamaGuardCategories } from './templates/llama-guard.ts'
import { safetyPolicy } from './templates/qwen3guard.ts'

export interface Says {
  /** All there are; absent where that is not known. */
  readonly categories?: readonly string[]
  /** Absent where that is not known. */
  readonly scores?: boolean
  readonly levels?: boolean
  /** The field by which a judge without scores would give some. */
  readonly scoresBy?: string
}

/** OpenAI's API reference, "Moderations": `categories`; `flagged` where the endpoint objects without one of them. */
const moderation = [
  ...['harassment', 'harassment/threatening', 'hate', 'hate/threatening', 'illicit', 'illicit/violent'],
  ...['self-harm', 'self-harm/intent', 'self-harm/instructions', 'sexual', 'sexual/minors', 'violence', 'violence/graphic'],
  'flagged',
]

/** Model card of ShieldGemma: the policies it was trained for. */
const principles = ['dangerous_content', 'harassment', 'hate_speech', 'sexual']

/** @param judge as a policy has it: its kind, and what stands beside it. */
export function saysOf(judge: Readonly<Record<string, unknown>>): Says {
  const scores = judge['scores'] === true ? { scores: true } : { scores: false, scoresBy: 'scores: true' }
  switch (judge['kind']) {
    case 'openai_moderation':
      return { categories: moderation, scores: true, levels: false }
    case 'workers_ai':
      return { categories: llamaGuardCategories, scores: false, levels: false }
    case 'openai_chat':
      return ofTemplate(judge, scores)
    case 'http':
      return ofPreset(judge)
    default:
      return {}
  }
}

function ofTemplate(judge: Readonly<Record<string, unknown>>, scores: Pick<Says, 'scores' | 'scoresBy'>): Says {
  switch (judge['template']) {
    case 'llama-guard-3':
    case 'llama-guard-4':
      return { categories: keys(judge['categories']) ?? llamaGuardCategories, ...scores, levels: false }
    case 'shieldgemma': {
      const own = keys(judge['guidelines']) ?? []
      const asked = list(judge['principles']) ?? (own.length > 0 ? [] : principles)
      return { categories: [...asked, ...own], ...scores, levels: false }
    }
    case 'qwen3guard':
      return { categories: safetyPolicy, scores: false, levels: true }
    case 'granite-guardian-3.2':
    case 'granite-guardian-3.3':
    case 'granite-guardian-4.1':
      return { categories: list(judge['risks']) ?? keys(judge['criteria']) ?? ['harm'], ...scores, levels: false }
    case 'rubric': {
      const categories = list(judge['categories'])
      return { ...(categories && { categories }), scores: true, levels: true }
    }
    default:
      return {}
  }
}

function ofPreset(judge: Readonly<Record<string, unknown>>): Says {
  switch (judge['preset']) {
    case 'azure-content-safety':
      return {
        categories: [...(list(judge['categories']) ?? harms), ...(list(judge['blocklists']) ?? [])],
        scores: false,
        levels: true,
      }
    case 'perspective':
      return { categories: list(judge['attributes']) ?? ['TOXICITY'], scores: true, levels: false }
    case 'presidio': {
      const categories = list(judge['entities'])
      return { ...(categories && { categories }), scores: true, levels: false }
    }
    default:
      return {}
  }
}

function keys(value: unknown): readonly string[] | undefined {
  return value !== null && typeof value === 'object' ? Object.keys(value) : undefined
}

function list(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined
}
