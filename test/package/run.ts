/** `npm run check:package`: looks at the package as it is published; installs what it looks with first where that is needed. */
import { fileURLToPath } from 'node:url'
import { House } from '../node/house.ts'

const house = new House(import.meta.url)
const args = process.argv.slice(2)
house.install(args[0])
if (args[0] === 'changeset') {
  const program = fileURLToPath(new URL('node_modules/@changesets/cli/bin.js', import.meta.url))
  process.exit(house.run(process.execPath, [program, ...args.slice(1)]))
}
house.test(args)
