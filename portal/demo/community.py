"""What 玉祁社区 makes known: ice, water, gas, a lane and a small park."""

from portal.models import NoticePage

from .papers import SNOW_ACTION, Days, Paper, callout, facts, heading, paragraphs, points, steps

Kind = NoticePage.Kind


def pocket_park(days: Days) -> Paper:
    return Paper(
        "玉祁社区",
        15,
        {
            "kind": Kind.FEEDBACK,
            "title": "口袋公园怎么改：三十二条意见，采纳了哪些",
            "summary": "居民提了三十二条，采纳二十一条，七条以后再办，四条办不了的说明了原因。",
            "meaning": "带孩子的：滑梯换成矮的，地面铺软垫。\n老人：每隔三十米有一张带扶手的长椅。\n遛狗的：北角围出一块，带绳、带袋。",
            "body": [
                paragraphs(
                    "上个月在二区北门贴了口袋公园的草图，旁边放了一支笔。两个星期里，草图上写满了字。这里逐条答复。"
                ),
                heading("采纳的"),
                points(
                    "长椅加扶手和靠背，朝南摆。",
                    "路灯矮一点，不照到一楼的窗。",
                    "公厕留一个带扶手的隔间，门口不做台阶。",
                    "雨水口移到低处，下雨不积水。",
                ),
                heading("以后再办的"),
                paragraphs("增加健身器材、装直饮水，要等明年的经费。已经记下，明年春天再公布安排。"),
                heading("办不了的"),
                paragraphs("停车位挪进公园：绿地不能改作他用。我们另外在海瑞路北段找了十二个位子，请看停车方案。"),
                facts(收到="32 条", 采纳="21 条", 以后再办="7 条", 办不了="4 条，原因已当面说明"),
            ],
        },
    )


def ice_warning(days: Days) -> Paper:
    return Paper(
        "玉祁社区",
        0,
        {
            "kind": Kind.WARNING,
            "title": "道路结冰黄色预警：今晚到明早，桥面和坡道会结冰",
            "summary": "今晚气温降到零下，请减少夜间出行；老人、孩子尽量待在家里。",
            "meaning": "出门的：走扫过的路，穿防滑鞋，手不要插在口袋里。\n开车的：慢行，桥面不急刹。\n一个人住的老人：缺菜、缺药，打社区电话，有人送来。",
            "issuer": "转发自气象部门（演示）",
            "valid_from": days.on(0),
            "valid_until": days.on(1),
            "is_pinned": True,
            "body": [
                paragraphs(
                    "今天傍晚起有雪，夜里最低气温零下四度左右。路面先湿后冻，桥面、坡道、背阴的小巷最先结冰，明早七点前最滑。",
                    "社区今晚有人值班。水管请用旧毛巾包好，睡前留一线细水，不容易冻裂。",
                ),
                facts(预警="道路结冰，黄色", 从="今天 18:00", 到="明天 10:00，之后看天气再定"),
                callout("摔倒了怎么办", "先不要急着站起来，试试手脚能不能动。疼得厉害，原地等人，打 120。"),
                paragraphs("网格员会给独居老人各打一次电话；没有接到的，请邻居帮忙敲敲门。"),
                paragraphs("预警解除后，这里会撤下。"),
            ],
            "title_en": "Yellow warning: ice on bridges and slopes from tonight",
            "summary_en": "Below zero tonight. Please go out less after dark; old people and children should stay at home.",
        },
        action=SNOW_ACTION,
    )


def water_valves(days: Days) -> Paper:
    return Paper(
        "玉祁社区",
        12,
        {
            "kind": Kind.OUTAGE,
            "title": "二区更换水表阀门，停水一天",
            "summary": "二区一号楼到六号楼停水，当天晚上恢复。",
            "meaning": "一到六号楼：请前一晚存好水。\n家里有病人、婴儿的：打社区电话，送桶装水上门。",
            "valid_from": days.on(-10),
            "valid_until": days.on(-10),
            "body": [
                paragraphs(
                    "二区的水表阀门用了十八年，关不严。水务部门换新的，一次换完，以后检修只停一栋楼。",
                    "恢复后刚开始的水可能发黄，放一两分钟就清。太阳能和热水器请先关进水阀。",
                    "当天送水车停在北门，八点到下午五点，自带水桶。",
                ),
                facts(停水=f"{days.said(-10)} 08:00–18:00", 范围="二区 1–6 号楼", 送水车="北门"),
            ],
        },
    )


def north_lane(days: Days) -> Paper:
    return Paper(
        "玉祁社区",
        8,
        {
            "kind": Kind.NEWS,
            "title": "北弄出新了：换了灯，铺了路，少了三堆杂物",
            "summary": "背街里巷出新做到二区北弄，二十六户人家一起清出三车杂物。",
            "body": [
                paragraphs(
                    "北弄是二区最窄的一条巷子，只容一辆三轮车。下雨积水，天黑没灯，墙根堆着各家舍不得扔的东西。",
                    "十月起，社区请每户人家来选：留什么，扔什么，灯装在哪里。选了三轮，最后一致的有四件事，就先做这四件。",
                ),
                points(
                    "地面铺了防滑砖，中间留一道排水沟。",
                    "六盏感应灯，人来就亮，人走就暗。",
                    "晾衣架统一装在南墙。",
                    "墙上留了一块给孩子画画。",
                ),
                paragraphs(
                    "清杂物那天来了四十多个人，装了三车。旧门板做成花箱，放在拐角，正好挡住那个容易撞到的墙角。",
                    "下一条是西弄，下周开会商量，时间另行通知。",
                ),
            ],
        },
    )


def piped_gas(days: Days) -> Paper:
    return Paper(
        "玉祁社区",
        18,
        {
            "kind": Kind.ANNOUNCEMENT,
            "title": "“瓶改管”入户：下月起逐户接通管道气",
            "summary": "一区、三区的小饭店和住户从瓶装气改用管道气，上门看管路，不收检查费。",
            "meaning": "开饭店的：先改，约好时间，半天装完。\n住户：自愿报名，满一个单元一起装。\n所有人：穿制服、有工作证的才让进门。",
            "valid_from": days.on(-18),
            "valid_until": days.on(72),
            "body": [
                paragraphs(
                    "瓶装气搬上搬下不方便，放在厨房也不安全。管道已经铺到楼下，剩下的是进户这几米。",
                    "改装由燃气公司做，社区网格员陪着上门。装好当场试压，点火给您看。",
                ),
                steps("在楼道口登记，或者打社区电话。", "约时间看管路，约二十分钟。", "安装，半天；装好三天后回访。"),
                callout("谨防冒充", "上门的人不收现金，不卖灶具。要您付钱的，请先打社区电话核对。"),
                paragraphs("旧气瓶由供气站统一收走，押金当场退。"),
            ],
        },
    )


PAPERS = (pocket_park, ice_warning, water_valves, north_lane, piped_gas)
