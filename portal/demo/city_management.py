"""What 玉祁城管 makes known: shop signs, parking, works, micro road chiefs, snow."""

from portal.models import NoticePage

from . import drawing
from .papers import SNOW_ACTION, Days, Paper, callout, facts, heading, paragraphs, points, steps

Kind = NoticePage.Kind

SIGNS = "沿街店铺招牌和户外广告设置指引"

OPINION = """停车方案意见表

一、您在哪条路上停车或走路：
二、您同意的：
三、您不同意的，为什么：
四、您还想到的：

不用写姓名。想收到答复的，请留一个联系方式。
交到：城管窗口，或任何一位微路长。
"""

STAGES = """海瑞路雨污管网改造 分段工期表

第一段  东半幅  振祁路口到菜场门口
第二段  西半幅  菜场门口到湖西路口
每天 07:00–19:00，雪天停工，顺延。
"""


def shop_signs(days: Days) -> Paper:
    return Paper(
        "玉祁城管",
        20,
        {
            "kind": Kind.POLICY,
            "title": SIGNS,
            "summary": "一店一牌、不挡窗、不伸出墙，晚上十点后调暗。从下月起，换招牌前先来问一声。",
            "meaning": "开店的：换招牌前先报一张草图，三个工作日内答复。\n已经挂好的：不用马上换，坏了再按新的来。\n住楼上的：招牌灯晃眼，可以打电话，当天来看。",
            "document_number": f"玉城管〔{days.today.year}〕9号",
            "index_number": f"01404053X/{days.today.year}-00009",
            "written_on": days.on(-23),
            "valid_from": days.on(-20),
            "body": [
                paragraphs(
                    "振祁路、海瑞路、湖西路的招牌大小不一，有的伸到人行道上空，有的灯箱整夜不关。去年冬天两块灯箱被风吹落，幸好没有伤到人。",
                    "我们请十位店主坐下来，一条一条商量，写成这份指引。原来的试行稿同时作废。",
                ),
                heading("怎么挂"),
                points(
                    "一店一牌，高度不超过一楼窗沿，两边不超出自家门面。",
                    "固定在墙上，不用铁丝，不占人行道。每年入冬前自查一次。",
                    "灯光朝下，晚上十点以后调到一半。",
                ),
                heading("怎么报"),
                steps(
                    "画一张草图，标出长、宽、高，手机拍照就行。",
                    "发到微路长群，或者送到城管窗口。",
                    "三个工作日内答复；需要改的，会说清楚改哪里。",
                ),
                callout("先提醒，再整改", "第一次不合适，上门说明并帮忙想办法；两周内改好的，不作处罚。"),
                paragraphs("第一次换招牌的小店，设计和安装有困难的，可以请学校美术组和志愿者一起画草图，不收钱。"),
            ],
        },
    )


def shop_signs_on_trial(days: Days) -> Paper:
    return Paper(
        "玉祁城管",
        210,
        {
            "kind": Kind.POLICY,
            "title": "沿街店铺招牌设置指引（试行）",
            "summary": "试行一年的招牌设置要求，已由新的指引代替。",
            "document_number": f"玉城管〔{days.on(-210).year}〕3号",
            "written_on": days.on(-212),
            "validity": NoticePage.Validity.REPEALED,
            "body": [
                paragraphs(
                    "为了让沿街招牌整齐、牢固，先在湖西路试行一年，听听店主和居民的意见再定。",
                    "招牌一店一块，不伸出墙面半米以上，晚上十一点后关灯。",
                    "试行期间只提醒，不处罚。意见可以当面说，也可以写在门口的本子上。",
                )
            ],
        },
        replaced_by=SIGNS,
    )


def five_duties(days: Days) -> Paper:
    return Paper(
        "玉祁城管",
        9,
        {
            "kind": Kind.INTERPRETATION,
            "title": "门前“五包”包哪五样？一张图、五句话",
            "summary": "干净、整齐、绿化、设施、秩序：店门口到路沿这一块，店主先照看，看不了的我们来。",
            "meaning": "开店的：每天开门、关门各看一眼，有事在微路长群里说。\n路过的：看到不对，可以告诉店主，也可以告诉城管。",
            "body": [
                paragraphs(
                    "“门前五包”不是把活推给店主。店主离得最近，看得最早；扫不动、修不了、劝不听的，由环卫、市政和城管来。"
                ),
                heading("五句话"),
                steps(
                    "包干净：门口有纸屑、水渍、积雪，先扫开一条路。",
                    "包整齐：货不上人行道，招牌、雨篷牢固。",
                    "包绿化：不往树池倒水，不在树上挂东西。",
                    "包设施：井盖响、路灯坏，随手报一声。",
                    "包秩序：电动车朝一个方向摆，盲道空出来。",
                ),
                callout(
                    "做得好有什么？",
                    "每季度由同一条路的店主互评，评上的店在门口挂一块小牌，第二年的招牌灯免费检修。",
                ),
                paragraphs(
                    "责任书每年签一次，换老板要重签。签的时候请把门口的范围当面看清楚：从墙根到路沿石，左右到邻居的门框。"
                ),
            ],
        },
    )


def parking_places(days: Days) -> Paper:
    return Paper(
        "玉祁城管",
        6,
        {
            "kind": Kind.CONSULTATION,
            "title": "集镇停车位怎么划：方案征求意见",
            "summary": "四条路新划一百四十六个车位，学校门口留出接送区。划在哪里、怎么收，请您说。",
            "meaning": "开车的：新增一百四十六个位子，前两小时不收费。\n骑电动车的：路口退后五米，另划停放区。\n走路的：盲道和消防通道一律不划。\n想提意见：三十天内，当面、打电话、写信都行。",
            "document_number": f"玉城管〔{days.today.year}〕11号",
            "index_number": f"01404053X/{days.today.year}-00011",
            "written_on": days.on(-8),
            "publicity_from": days.on(-6),
            "publicity_until": days.on(24),
            "body": [
                paragraphs(
                    "菜场、学校、卫生服务中心三处停车最难。我们和交警一起数了七天车，早上七点到八点半缺口最大，晚上反而有空。",
                    "方案的意思是：先把白天空着的地方用起来，再划新的；先给走路的人留够，再给车。",
                ),
                heading("划在哪里"),
                facts(
                    海瑞路北段="64 个，菜场卸货 06:00–08:00 优先",
                    振祁路西侧="38 个，留出公交站前后各 15 米",
                    湖西路="32 个，晚上住户优先",
                    学校门口="12 个接送位，限停 10 分钟",
                ),
                heading("还没有定的"),
                points(
                    "两小时以后收不收，收多少。",
                    "住户的月卡给一户一张，还是按车。",
                    "周末集市那天要不要全部让出来。",
                ),
                callout("意见怎么交", "附件里有一张意见表，也可以只写一句话。征求结束后十五天内，采纳与否逐条公布。"),
                paragraphs("收到的意见不公布姓名和电话。需要当面谈的，我们到您方便的地方来。"),
            ],
        },
        files=(("停车方案意见表", "parking-opinion.txt", OPINION.encode()),),
    )


def drains(days: Days) -> Paper:
    return Paper(
        "玉祁城管",
        5,
        {
            "kind": Kind.ROADWORKS,
            "title": "海瑞路雨污管网改造，施工期间半幅通行",
            "summary": "海瑞路振祁路口到湖西路口分两段施工，双向通车、限速，人行道不封。",
            "meaning": f"开车的：绕湖西路，多走约六分钟。\n骑车、走路的：人行道不封，夜里有灯。\n沿街店铺：卸货改到 06:00–08:00，从北口进。\n用水：{days.said(4)} 13:00–17:00 停一次水，请先存好。",
            "issuer": "街道市政科（演示）",
            "document_number": f"玉街市告〔{days.today.year}〕41号",
            "index_number": f"320206005/{days.today.year}-00412",
            "written_on": days.on(-6),
            "valid_from": days.on(-3),
            "valid_until": days.on(27),
            "body": [
                paragraphs(
                    "海瑞路一下大雨就积水，雨水和污水走的是同一根管子。这次把两根管子分开，是排水达标区建设的第四段，全长约六百二十米。"
                ),
                heading("工期和通行"),
                facts(
                    第一段=f"{days.said(-3)}—{days.said(11)}，东半幅施工，西半幅双向通行",
                    第二段=f"{days.said(12)}—{days.said(27)}，换西半幅施工",
                    每天="07:00–19:00，夜里不开挖",
                    限速="20 公里/小时",
                ),
                callout("雪天停工", "下雪或结冰时停工，先除雪。停工的天数往后顺延，改期另行告知。"),
                heading("噪声和扬尘"),
                paragraphs(
                    "现场设围挡和喷淋，裸土当天盖好。您觉得太吵、太晚或有扬尘，请打城管电话，两小时内有人到场。",
                    "施工单位每天收工前扫一遍路面；微路长和网格员各看一遍，两边都签字才算完。",
                ),
                heading("为什么选在冬天"),
                paragraphs("冬天雨少，管沟里没有水，工期可以短三分之一。春节前恢复全幅通行，不耽误年货街。"),
                paragraphs("（此件公开发布）"),
            ],
            "title_en": "Drains renewed on Hairui Road: one half open to traffic",
            "summary_en": "Works in two stages between Zhenqi Road and Huxi Road; two-way traffic at 20 km/h, pavements stay open.",
            "meaning_en": "Drivers: take Huxi Road, about six minutes longer.\nOn foot or by bicycle: pavements stay open and are lit.\nShops: deliveries from 06:00 to 08:00, from the north.",
            "body_en": [
                paragraphs(
                    "Rain and sewage share one pipe under Hairui Road, and every heavy rain floods it. They are now being separated over some 620 metres.",
                    "Work goes on from 07:00 to 19:00. In snow or frost it stops, and the days are added at the end.",
                )
            ],
        },
        files=(
            ("海瑞路绕行示意图", "hairui-detour.pdf", drawing.detour("PDF")),
            ("分段工期表", "hairui-stages.txt", STAGES.encode()),
        ),
        picture=(
            "绕行示意图：海瑞路东半幅封闭，车辆从振祁路口转到湖西路",
            "斜线是施工的半幅，绿色针脚是绕行路线。",
            3,
        ),
    )


def micro_road_chiefs(days: Days) -> Paper:
    return Paper(
        "玉祁城管",
        3,
        {
            "kind": Kind.PUBLICITY,
            "title": "第二批商户“微路长”名单公示",
            "summary": "三条路推选出九位微路长，公示七天。您有不同意见，请在公示期内说。",
            "meaning": "沿街的店：您那一段的微路长是谁，请看下面。\n有意见的：七天内打电话或当面说，我们为您保密。",
            "document_number": f"玉城管〔{days.today.year}〕12号",
            "index_number": f"01404053X/{days.today.year}-00012",
            "written_on": days.on(-4),
            "publicity_from": days.on(-3),
            "publicity_until": days.on(4),
            "body": [
                paragraphs(
                    "微路长由同一条路的店主自己推选，任期一年，不拿工资。他们在群里收大家的问题，每天转一圈，能解决的当场解决，不能的交给城管，并且盯到办完。"
                ),
                heading("推选结果"),
                facts(
                    振祁路="水果店、手机店、五金店各一位",
                    海瑞路="早点铺、药房、理发店各一位",
                    湖西路="面馆、文具店、洗衣店各一位",
                ),
                paragraphs("名单只写店，不写姓名和电话；姓名在街道公告栏上，公示结束就撤下。"),
                heading("怎么提意见"),
                paragraphs("公示期内，工作日 9:00–17:00 可到城管窗口，也可以打电话。实名提的，三个工作日内答复本人。"),
                paragraphs("公示没有异议的，从公示结束的第二天起开始值路，第一个月由老微路长带着走。"),
            ],
        },
    )


def salt_and_snow(days: Days) -> Paper:
    return Paper(
        "玉祁城管",
        1,
        {
            "kind": Kind.ANNOUNCEMENT,
            "title": "雪天撒融雪剂，请这样停车和走路",
            "summary": "桥面、坡道、公交站先撒；撒过的地方不发白也可能滑。请把车停进车位，给除雪车让出路。",
            "meaning": "开车的：今晚八点以后不停在振祁路、海瑞路两侧。\n走路的：桥面和坡道贴着扶手走。\n开店的：不要把热水泼到门口，会结冰。\n养狗的：回家给脚掌冲一冲，融雪剂会伤脚。",
            "document_number": f"玉城管〔{days.today.year}〕13号",
            "index_number": f"01404053X/{days.today.year}-00013",
            "written_on": days.on(-1),
            "valid_from": days.on(-1),
            "valid_until": days.on(5),
            "body": [
                paragraphs(
                    "除雪有先后：先桥面和坡道，再公交站、学校和卫生服务中心门口，然后主干路，最后小巷。小巷靠大家，一户扫一段，路就通了。"
                ),
                heading("融雪剂怎么用"),
                points(
                    "先铲后撒。雪厚的地方撒了也化不开，只会变成冰壳。",
                    "一平方米一小把，约二十克，撒匀。",
                    "树池、花坛、井盖上不撒。",
                ),
                facts(领取="玉祁社区党群服务中心门口，草垫和铲子也在这里", 时间="18:00–22:00", 数量="每户一袋，两公斤"),
                callout("不要碰", "断落的电线、压弯的树枝下面不要站人。先退开，再打城管电话。"),
                paragraphs("今晚的除雪行动还需要人手，愿意来的请看旁边的行动。"),
                paragraphs("雪停以后三天内，环卫会把残留的融雪剂冲洗干净。"),
            ],
            "title_en": "De-icing salt tonight: how to park and walk",
            "summary_en": "Bridges, slopes and bus stops first. Please park in a bay and leave room for the snow plough.",
            "meaning_en": "Drivers: no parking along Zhenqi Road and Hairui Road after eight tonight.\nOn foot: hold the rail on bridges and slopes.\nShops: do not pour hot water out; it freezes.",
            "body_en": [
                paragraphs(
                    "Bridges and slopes come first, then bus stops, the school and the clinic, then the main roads and last the lanes.",
                    "Shovel first, salt afterwards: about twenty grams to a square metre, and none on trees or flower beds.",
                )
            ],
        },
        action=SNOW_ACTION,
    )


PAPERS = (shop_signs, shop_signs_on_trial, five_duties, parking_places, drains, micro_road_chiefs, salt_and_snow)
