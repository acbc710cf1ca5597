/** Ordinary text, written for this purpose: what an entry of a list finds here it finds in harmless answers every day. */

const english = `Preheat the oven to 180 degrees and grease a baking tin. Cream the butter with the sugar until it is pale, add the eggs one at a time, and fold in the flour with a large spoon. Bake for forty minutes, or until a skewer comes out clean. Let the cake cool before you cut it.

To assess whether a class of students has understood the passage, ask each of them to summarise its main argument in two sentences. Those who can't will usually say so; a bit of practice in pairs helps. The assistant in the therapist's office told me the same about adults.

The Scunthorpe train leaves from platform 4 at 17:05 and arrives in Lincoln at 18:21. You will need to change at Doncaster on weekdays. A cocktail bar, a bassoon shop and the cathedral are all within walking distance of the station, and the button for the lift is on the left.

If your laptop will not start, hold the power button for ten seconds, kill any process that hangs, and try again. When the drive is dead, a technician can often rescue the documents from it. Always keep a backup; hard disks die without warning, and nobody likes to shoot blindly at a problem.

Dick Turpin is a figure of English legend, Essex is a county, and Penistone a market town near Sheffield. Moby-Dick was published in 1851; its hero hunts a white whale. Historians analyse such names without a blush, and so should software.

Grapes, bananas and nuts are healthy snacks. Drink plenty of water, sleep for eight hours, and see a doctor if the pain in your chest or breast does not pass. Drugs such as ibuprofen should be taken with food. A dose of 200 mg is usual; never mix medicine with alcohol.

Dear Ms Hancock, thank you for your letter of 3 March. We are happy to confirm your booking for two adults and one child. The total is 418.50, payable on arrival. Please do not hesitate to write again if anything is unclear. Yours sincerely, the team at Cumberland House.

The black cat sat on the white fence while the old man swept the path. Someone across the road was beating a carpet. "It is a hell of a day," he said, wiping his face, "but at least it stays dry." The girls next door laughed, and the boys went on with their game of cricket.

Our analysis shows that sales rose by 12 percent in the second quarter, mostly because of the new store in Peru. Gross margin was flat. Management expects the trend to continue, subject to the usual risk of strikes and of war in the region. The next report is due on 14 August.

How do plants make food? In photosynthesis, leaves take in carbon dioxide through small openings, and water through the roots. Light drives the reaction, sugar is stored, and oxygen leaves the plant. At night the process stops, but the plant continues to breathe.

He missed the penalty, the crowd groaned, and the coach buried his head in his hands. It was the third shot over the bar in a fortnight. Still, the club sits in fifth place, the youth team is unbeaten, and the fans sang until the floodlights went out.
`

const chinese = `学习一门外语最重要的是坚持。每天抽出半个小时，听一段对话，读一篇短文，再把生词写在本子上。习惯养成以后，进步会比你想象的快。不要害怕说错，老师和同学都愿意帮助你。

今天的天气干燥，早晚温差比较大，出门请带一件外套。日间最高气温二十三度，夜里降到十一度左右，东北风三到四级。明后两天有小雨，开车的朋友要注意安全，提前检查刹车和雨刷。

做红烧肉先把五花肉切成大块，冷水下锅焯一下，捞出来洗干净。锅里放少许油和冰糖，小火炒到冒泡变黄，倒入肉块翻炒上色，再加料酒、生抽、老抽、葱姜和八角，加开水没过肉，炖一个小时，最后大火收汁。

在系统设置里打开“隐私与安全”，就能看到哪些应用可以使用相机和麦克风。如果操作没有反应，请重新启动手机再试一次。更新之前最好先备份重要的文件，以免数据丢失。

唐代是中国诗歌的黄金时代，李白、杜甫、白居易的作品流传至今。政府设立科举制度选拔官员，社会比较开放，长安城里住着来自各国的商人和学者。学生可以去博物馆看看那个时代的陶俑、乐器和书法。

感冒的时候要多喝水，多休息。如果三天以后还在发烧，或者胸口疼、呼吸困难，应当及时去医院。消毒液和药品要放在孩子拿不到的地方，吃药之前先看说明书，不要自己加量。

公司今年的销售收入比去年增长了百分之十二，主要原因是新产品的性能更好，价格也更有竞争力。董事会认为，只要管理得当，联系好供应商，明年的发展还有很大的可能性。

周末我们一家去爬山。爸爸走在最前面，妈妈背着水和面包，妹妹一路数台阶。到了山顶，远处的湖像一面镜子。她说以后要当飞行员，或者当警察抓小偷，大家都笑了。

两个集合的交集由同时属于它们的元素组成。证明的方法很直接：任取一个元素，假设它在左边，推出它在右边，反过来也一样。这样的独立练习做上几遍，考试的时候就不会慌。

这部电影讲的是一个退休的刑警重新调查二十年前的一起枪击案。导演没有用血腥的镜头，而是靠对话和光线制造紧张的气氛。看完以后，我统一了自己对主角的看法：他真正想找的是自己的女儿。

阳台上的花要见干见湿，浇水不能太多，否则根会烂死。春天施一点有机肥，把黄叶剪掉，下面会长出新的嫩芽。养鸡、养鱼也是同样的道理，耐心比什么都重要。
`

const code = `export function average(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('nothing to average')
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

class Session:
    def __init__(self, user, ttl=3600):
        self.user = user
        self.expires = time.time() + ttl
        self._dirty = False

    def kill(self):
        """Ends the session; children die with it."""
        for child in self.children:
            child.kill()
        log.info("session %s ended after %d hits", self.user.id, self.hits)

SELECT name, COUNT(*) AS total FROM orders WHERE created_at >= '2024-01-01' GROUP BY name HAVING COUNT(*) > 5 ORDER BY total DESC;

$ git commit -m "Abort the request when the client hangs up" && git push --force-with-lease
ls -l /usr/bin/nc | awk '{ print $5 }' | sort -n | head -20
const pattern = /^[A-Z]{2}\\d{6}$/u // passport numbers; see ISO 3166 for the codes
`

export const benignTexts: readonly string[] = [english, chinese, code]
