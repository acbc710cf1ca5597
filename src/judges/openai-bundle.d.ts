/** Declares the module that `cli/openai-module.ts` makes for the Worker. */

declare module '*/openai.bundle.mjs' {
  export { default } from 'openai'
}
