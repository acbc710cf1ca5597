/** English made up of common words in their usual frequencies, and lists of terms that keep beginning like the prose does. */
import { between, pick, type Random, seeded, shuffled, zipf } from './random.ts'

/** Roughly in order of use. */
const common = `the of and to a in is it you that he was for on are with as his they be at one have this from or had by hot
but some what there we can out other were all your when up use word how said an each she which do their time if will way about
many then them would write like so these her long make thing see him two has look more day could go come did my sound no most
number who over know water than call first people may down side been now find any new work part take get place made live where
after back little only round man year came show every good me give our under name very through just form much great think say
help low line before turn cause same mean differ move right boy old too does tell sentence set three want air well also play
small end put home read hand port large spell add even land here must big high such follow act why ask men change went light
kind off need house picture try us again animal point mother world near build self earth father head stand own page should
country found answer school grow study still learn plant cover food sun four thought let keep eye never last door between city
tree cross since hard start might story saw far sea draw left late run while press close night real life few stop open seem
together next white children begin got walk example ease paper often always music those both mark book letter until mile river
car feet care second group carry took rain eat room friend began idea fish mountain north once base hear horse cut sure watch
color face wood main enough plain girl usual young ready above ever red list though feel talk bird soon body dog family direct
pose leave song measure state product black short numeral class wind question happen complete ship area half rock order fire
south problem piece told knew pass farm top whole king size heard best hour better true during hundred remember step early hold
west ground interest reach fast five sing listen six table travel less morning ten simple several vowel toward war lay against
pattern slow center love person money serve appear road map science rule govern pull cold notice voice fall power town fine
certain fly unit lead cry dark machine note wait plan figure star box noun field rest correct able pound done beauty drive
stood contain front teach week final gave green quick develop sleep warm free minute strong special mind behind clear tail
produce fact street inch lot nothing course stay wheel full force blue object decide surface deep moon island foot yet busy
test record boat common gold possible plane age dry wonder laugh thousand ago ran check game shape yes cool miss brought heat
snow bed bring sit perhaps fill east weight language among policy system model user data result value request response stream
token server client error message default support option provide include information service process function return`
  .split(/\s+/)
  .filter((word, index, all) => all.indexOf(word) === index)

const openings = 'con com re un in de dis pre pro over under inter trans super sub mis out ex per for'.split(' ')
const middles = `act bar cal dent den fer fin form gen grad graph ject lat lect log man mand mem ment miss mit mor mov nat ner
nom nov pat ped pel pend phon plic port pos put quest rang rect rupt sand sect sens serv sign sist spec spir stan stim stra
struct tact tain tect tend ter test tin tort tract tri tru turn vac val ven vers vid vil vis voc vol ward`.split(/\s+/)
const endings =
  'ing ed er ers ation ations able ible ment ments ness ous ive ity al ally ant ence ful ic ical ism ist ize ly s'.split(' ')

/** Words that could be English: the prefixes, stems and endings that real words share, so that tries share them too. */
function inventedWords(count: number, random: Random): string[] {
  const words = new Set<string>()
  const taken = new Set(common)
  while (words.size < count) {
    const stem =
      random() < 0.6
        ? pick(random, middles)
        : pick(random, middles) + pick(random, ['', 'i', 'o', 'a', 'e']) + pick(random, middles)
    const word = (random() < 0.5 ? pick(random, openings) : pick(random, common).slice(0, 4)) + stem + pick(random, endings)
    if (!taken.has(word)) words.add(word)
  }
  return [...words]
}

export interface English {
  /** Words of prose, most frequent first. */
  readonly said: readonly string[]
  /** Words of the same making that prose does not contain. */
  readonly unsaid: readonly string[]
}

/** @param known words of a real text, most frequent first, in place of the built-in ones. */
export function english(known: readonly string[] = []): English {
  const invented = inventedWords(70_000, seeded(11))
  if (known.length === 0) return { said: [...common, ...invented.slice(0, 25_000)], unsaid: invented.slice(25_000) }
  const heard = new Set(known)
  return { said: known, unsaid: invented.filter((word) => !heard.has(word)) }
}

/** About `units` UTF-16 units of paragraphs; ASCII but for a few dashes and quotes. */
export function englishProse({ said }: English, units: number, seed = 21): string {
  const random = seeded(seed)
  const draw = zipf(said)
  const parts: string[] = []
  let length = 0
  while (length < units) {
    const count = between(random, 5, 22)
    const words: string[] = []
    for (let at = 0; at < count; at++) {
      const word = random() < 0.015 ? String(between(random, 1, 2030)) : draw(random)
      words.push(at === 0 ? word.charAt(0).toUpperCase() + word.slice(1) : word + (at < count - 1 && random() < 0.07 ? ',' : ''))
    }
    const sentence = words.join(' ') + pick(random, ['.', '.', '.', '.', '?', '!', ':']) + (random() < 0.12 ? '\n\n' : ' ')
    parts.push(sentence)
    length += sentence.length
  }
  return parts.join('')
}

/**
 * Rare words, and phrases of two or three words that begin with common ones: hard, because prose walks far into them all
 * the time and hardly ever arrives. A shorter list is the beginning of a longer one.
 */
export function englishTerms({ said, unsaid }: English, count: number): string[] {
  const random = seeded(31)
  const often = said.slice(0, 500)
  const seldom = said.slice(500, 3000)
  const single = shuffled(random, unsaid)[Symbol.iterator]()
  const terms = new Set<string>()
  while (terms.size < count) {
    const kind = random()
    if (kind < 0.35) {
      const next = single.next()
      if (!next.done) terms.add(next.value)
    } else if (kind < 0.6) terms.add(`${pick(random, often)} ${pick(random, seldom)}`)
    else if (kind < 0.95) terms.add(`${pick(random, often)} ${pick(random, often)} ${pick(random, often)}`)
    else terms.add(`${pick(random, often)} ${pick(random, seldom)} ${pick(random, unsaid)}`)
  }
  return [...terms]
}
