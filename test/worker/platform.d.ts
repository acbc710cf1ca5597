/** Declares the little these tests use of the runtime's own modules. */

declare module 'cloudflare:test' {
  export interface TestExecutionContext {
    waitUntil(promise: Promise<unknown>): void
    passThroughOnException(): void
    readonly props: unknown
  }
  export function createExecutionContext(): TestExecutionContext
  /** Resolves when everything that was put off with `waitUntil` is done. */
  export function waitOnExecutionContext(context: TestExecutionContext): Promise<void>
}

declare module 'cloudflare:workers' {
  /** The Worker of wrangler.toml, asked from outside. */
  export const exports: { readonly default: { fetch(request: Request): Promise<Response> } }
  export const env: {
    readonly POLICIES: {
      get(key: string, type: 'arrayBuffer'): Promise<ArrayBuffer | null>
      put(key: string, value: string | ArrayBuffer | ArrayBufferView): Promise<void>
      delete(key: string): Promise<void>
    }
  }
}
