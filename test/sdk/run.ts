/** `npm run test:sdk`: the official clients read what Sluice sends; installs them first where that is needed. */
import { House } from '../node/house.ts'

const house = new House(import.meta.url)
const args = process.argv.slice(2)
house.install(args[0])
house.test(args)
