/** What a judge is asked by: variables, bindings and the network, each checked once, before there is a question. */
import type OpenAI from 'openai'
import { SluiceError } from '../errors.ts'
import type { Judge } from '../terms/judge.ts'

export interface Means {
  /** The value of a variable or secret; undefined or empty where there is none. */
  variable(name: string): string | undefined
  /** A binding of the platform, by name. */
  binding?(name: string): unknown
  /** The platform's own unless given. */
  readonly fetch?: typeof fetch
  /** Loads the `openai` package: a bundler puts whatever is imported into one script, so that who builds one says where it is. */
  openai?(): Promise<{ readonly default: typeof OpenAI }>
  /** Told when a judge is left alone, after how many faults in a row, and with 0 when it answers again. */
  readonly onLeftAlone?: (judge: string, faults: number) => void
}

/** A judge being set up, with what belongs to it. Each method throws SluiceError `configuration`, which names judge and variable, never a value. */
export class Setup {
  readonly #judge: Judge
  readonly #means: Means

  constructor(judge: Judge, means: Means) {
    this.#judge = judge
    this.#means = means
  }

  get fetch(): typeof fetch {
    // Not `fetch` itself: platforms want it called on the global object, and tests replace it there.
    return this.#means.fetch ?? ((input, init) => fetch(input, init))
  }

  /** The `openai` package, once it is needed. */
  get package(): () => Promise<{ readonly default: typeof OpenAI }> {
    const { openai } = this.#means
    if (openai === undefined) throw this.wrong('needs the openai package')
    return openai
  }

  wrong(what: string): SluiceError {
    return new SluiceError('configuration', `The judge "${this.#judge.name}" ${what}.`)
  }

  setting(field: string): unknown {
    return this.#judge.settings[field]
  }

  text(field: string, usual?: string): string {
    const value = this.setting(field) ?? usual
    if (typeof value !== 'string' || value === '') throw this.wrong(`needs ${field}: a text`)
    return value
  }

  texts(field: string, usual: readonly string[]): readonly string[] {
    const value = this.setting(field) ?? usual
    if (!Array.isArray(value) || value.some((one) => typeof one !== 'string' || one === ''))
      throw this.wrong(`takes for ${field} a list of texts`)
    return value
  }

  /** Texts by name. */
  named(field: string): Readonly<Record<string, string>> {
    const value = this.setting(field) ?? {}
    if (typeof value !== 'object' || value === null || Object.values(value).some((one) => typeof one !== 'string' || one === ''))
      throw this.wrong(`takes for ${field} texts by name`)
    return value as Record<string, string>
  }

  flag(field: string): boolean {
    const value = this.setting(field) ?? false
    if (typeof value !== 'boolean') throw this.wrong(`takes for ${field} true or false`)
    return value
  }

  /** The key whose variable `field` names. It has to fit into a header: platforms quote in their errors what does not. */
  key(field: string, usual?: string): string {
    const name = this.text(field, usual)
    const value = this.#means.variable(name)
    if (!value) throw this.wrong(`needs the variable ${name} (${field})`)
    if (!/^[\x21-\x7e]+$/.test(value))
      throw this.wrong(`needs in the variable ${name} (${field}) a key of visible ASCII characters, with no space or line break`)
    return value
  }

  /**
   * The address whose variable `field` names, without a slash at its end.
   *
   * @param query whether it may have a query.
   */
  address(field: string, usual?: string, query = false): string {
    const name = this.text(field, usual)
    const value = this.#means.variable(name)
    if (!value) throw this.wrong(`needs the variable ${name} (${field})`)
    const url = URL.canParse(value) ? new URL(value) : undefined
    const fits = url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
    if (!fits || url.hash !== '' || (url.search !== '' && !query))
      throw this.wrong(
        `needs in the variable ${name} (${field}) an http or https address without user${query ? '' : ', query'} and fragment`,
      )
    return query ? url.href : url.href.replace(/\/+$/, '')
  }

  /**
   * Address and key of an API that speaks OpenAI's protocols. The service's own key goes to the service's own upstream only:
   * with an address of its own a judge gets the key it names, or none.
   */
  openai(): { readonly address: string; readonly key: string | undefined } {
    const own = this.setting('base_url') !== undefined
    const address = this.address('base_url', 'OPENAI_BASE_URL')
    const keyed = !own || this.setting('api_key') !== undefined
    return { address, key: keyed ? this.key('api_key', 'OPENAI_API_KEY') : undefined }
  }

  /** The binding that `field` names. */
  binding(field: string, usual: string): unknown {
    const name = this.text(field, usual)
    const value = this.#means.binding?.(name)
    if (value === undefined || value === null) throw this.wrong(`needs the binding ${name} (${field})`)
    return value
  }
}
