/** Chinese made up of common characters in their usual frequencies, and lists of terms over a wide alphabet of rarer ones. */
import { between, pick, seeded, shuffled, zipf } from './random.ts'

/** Roughly in order of use. */
const common = [
  ...new Set(
    '的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去法学如都同现当没动面起看定' +
      '天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美相见被利' +
      '什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解水名真论处走义各入几口认条平系气题活尔更别打女变四神总何电数安少报' +
      '才结反受目太量再感建务做接必场件计管期市直德资命山金指克许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式色路记南品住告类求据程' +
      '北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运笑飞风步改收根干造言联持组每济车亲极林服快办议往元英士证近失转夫令准布始怎呢存未远叫台单影具罗字爱' +
      '击流备兵连调深商算质团集百需价花党华城石级整府离况亚请技际约示复病息究线似官火断精满支视消越器容照须九增研写称企八功吗包片史委乎查轻易早曾除农找装广显吧阿李标谈' +
      '吃图念六引历首医局突专费号尽另周较注语仅考落青随选列武红响虽推势参希古众构房半节土投某案黑维革划敌致陈律足态护七兴派孩验责营星够章音跟志底站严巴例防族供效续施留' +
      '讲型料终答紧黄绝奇察母京段依批群项故按河米围江织害斗双境客纪采举杀攻父苏密低朝友诉止细愿千值仍男钱破网热助倒育属坐帝限船脸职速刻乐否刚威毛状率甚独球般普怕弹校苦' +
      '创假久错承印晚兰试股拿脑预谁益阳若哪微尼继送急血惊伤素药适波夜省初喜卫源食险待述陆习置居劳财环排福纳欢雷警获模充负云停木游龙树疑层冷洲冲射略范竟句室异激汉村哈策' +
      '演简卡罪判担州静退既衣您宗积余痛检差富灵协角占配征修皮挥胜降阶审沉坚善妈刘读啊超免压银买皇养伊怀执副乱抗犯追帮宣佛岁航优怪香著田铁控税左右份穿艺背阵草脚概恶块顿' +
      '敢守酒岛托央户烈洋哥索胡款靠评版宝座释景顾弟登货互付伯慢欧换闻危忙核暗姐介坏讨丽良序升监临亮露永呼味野架域沙掉括舰鱼杂误湾吉减编楚肯测败屋跑梦散温困剑渐封救贵枪' +
      '缺楼县尚毫移娘朋画班智亦耳恩短掌恐遗固席松秘谢鲁遇康虑幸均销钟诗藏赶剧票损忽巨炮旧端探湖录叶春乡附吸予礼港雨呀板庭妇归睛饭额含顺输摇招婚脱补谓督毒油疗旅泽材灭逐' +
      '莫笔亡鲜词圣择寻厂睡博勒烟授诺伦岸奥唐卖俄炸载洛健堂旁宫喝借君禁阴园谋宋避抓荣姑孙逃牙束跳顶',
  ),
]

/** Characters that hardly occur in prose: lists of sensitive words have thousands of them, and each is a class of its own. */
function rareCharacters(): string[] {
  const known = new Set(common)
  const all = Array.from({ length: 0x9fa5 - 0x4e00 }, (_, index) => String.fromCharCode(0x4e00 + index))
  return shuffled(
    seeded(12),
    all.filter((character) => !known.has(character)),
  ).slice(0, 4500)
}

export interface Chinese {
  /** Characters of prose, most frequent first. */
  readonly said: readonly string[]
  readonly rare: readonly string[]
}

/** @param known characters of a real text, most frequent first, in place of the built-in ones. */
export function chinese(known: readonly string[] = []): Chinese {
  return { said: known.length > 0 ? known.slice(0, 800) : common, rare: rareCharacters() }
}

/** About `units` UTF-16 units of paragraphs, with the odd number and Latin word. */
export function chineseProse({ said, rare }: Chinese, units: number, seed = 22): string {
  const random = seeded(seed)
  const draw = zipf(said)
  const parts: string[] = []
  let length = 0
  while (length < units) {
    const count = between(random, 4, 16)
    let clause = ''
    for (let at = 0; at < count; at++) clause += random() < 0.01 ? pick(random, rare) : draw(random)
    if (random() < 0.03) clause += pick(random, [String(between(random, 1, 2030)), 'AI', 'API', 'Python', 'GDP', 'iPhone 15'])
    clause += pick(random, ['，', '，', '，', '。', '。', '、', '？', '：'])
    if (random() < 0.04) clause += '\n\n'
    parts.push(clause)
    length += clause.length
  }
  return parts.join('')
}

/**
 * Terms of two to four characters. Those of two have a rare one, but for a few: pairs of common characters would be found
 * everywhere. The longer ones begin with common characters, so that prose walks into them. A shorter list is the
 * beginning of a longer one.
 */
export function chineseTerms({ said, rare }: Chinese, count: number, given: readonly string[] = []): string[] {
  const random = seeded(32)
  const terms = new Set(given.slice(0, count))
  // Terms begin with common characters more often than not, as names and phrases do.
  const often = () => said[Math.floor(random() ** 2 * said.length)] as string
  const seldom = () => pick(random, rare)
  while (terms.size < count) {
    const kind = random()
    if (kind < 0.005) terms.add(often() + often())
    else if (kind < 0.3) terms.add(random() < 0.5 ? often() + seldom() : seldom() + often())
    else if (kind < 0.5) terms.add(often() + often() + seldom())
    else if (kind < 0.7) terms.add(often() + often() + often())
    else terms.add(often() + often() + often() + (random() < 0.5 ? often() : seldom()))
  }
  return [...terms]
}
