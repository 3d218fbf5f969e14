"""The demo town's notices and the pages of the site, made by the deeds that people use.

What they are about – roads, campaigns, works – is the source article's; the words are our own, and everything that a
reader could act upon is invented. Told again it changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.images.models import Image

from communities.models import Organisation, User
from communities.roles import Role
from events.models import ActionPage
from kit.deeds import deed
from portal import demo_drawing, notices
from portal.models import HomePage, NoticeAttachment, NoticePage, StandardPage

Kind = NoticePage.Kind
Block = tuple[str, Any]

SNOW_ACTION = "振祁路夜间除雪防冻"


@dataclass(frozen=True)
class Paper:
    """One notice as it is told: whose it is, how many days ago it was made known, and its fields."""

    host: str
    age: int
    fields: dict[str, Any]
    files: tuple[tuple[str, str, bytes], ...] = ()
    """Name for readers, name of the file, and what is in it."""
    picture: tuple[str, str, int] | None = None
    """What it shows, the line below, and before which block it stands."""
    action: str = ""
    """Title of the joint action it belongs to."""
    replaced_by: str = ""
    at: time = field(default=time(9, 30))


def tell() -> None:
    """Tell the notices and the pages of the site from today's point of view; those that are there stay as they are."""
    today = timezone.localdate()
    for paper in _papers(today):
        organisation = Organisation.objects.select_related("section").get(name=paper.host)
        if not NoticePage.objects.of(organisation).filter(title=paper.fields["title"]).exists():
            _issue(paper, organisation, today)
    for page in _site_pages():
        home = HomePage.objects.get()
        if not home.get_children().filter(slug=page.slug).exists():
            home.add_child(instance=page)
            page.save_revision().publish()


@deed
def _issue(paper: Paper, organisation: Organisation, today: date) -> NoticePage:
    by = organisation.memberships.live().filter(role=Role.COORDINATOR).select_related("person")[0].person
    body = list(paper.fields.get("body", ()))
    if paper.picture:
        alt, caption, place = paper.picture
        body.insert(place, ("picture", {"image": _drawn(organisation, by, alt), "alt": alt, "caption": caption}))
    notice = NoticePage(**{**paper.fields, "body": body})
    if paper.action:
        notice.related_action = ActionPage.objects.filter(title=paper.action, live=True).first()
    if paper.replaced_by:
        notice.replaced_by = NoticePage.objects.of(organisation).filter(title=paper.replaced_by).first()
    for name, file_name, content in paper.files:
        notice.attachments.add(
            NoticeAttachment(document=_filed(organisation, by, name, file_name, content), title=name)
        )
    on = None
    if paper.age:
        day = today - timedelta(days=paper.age)
        on = datetime.combine(day, paper.at, tzinfo=timezone.get_current_timezone())
    return notices.issue(organisation=organisation, notice=notice, by=by, on=on)


def _filed(organisation: Organisation, by: User, name: str, file_name: str, content: bytes) -> Document:
    document = Document(
        title=name,
        file=ContentFile(content, name=file_name),
        file_size=len(content),
        collection=organisation.collection,
        uploaded_by_user=by,
    )
    document.save()
    return document


def _drawn(organisation: Organisation, by: User, title: str) -> Image:
    content = demo_drawing.detour("PNG")
    image = Image(
        title=title,
        file=ImageFile(ContentFile(content), name="detour.png"),
        file_size=len(content),
        collection=organisation.collection,
        uploaded_by_user=by,
    )
    image.save()
    return image


def _p(*paragraphs: str) -> Block:
    return "paragraph", "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)


def _steps(*steps: str) -> Block:
    return "paragraph", "<ol>" + "".join(f"<li>{step}</li>" for step in steps) + "</ol>"


def _list(*points: str) -> Block:
    return "paragraph", "<ul>" + "".join(f"<li>{point}</li>" for point in points) + "</ul>"


def _h(words: str) -> Block:
    return "heading", words


def _facts(**facts: str) -> Block:
    return "facts", [{"name": name, "value": value} for name, value in facts.items()]


def _mind(title: str, *paragraphs: str) -> Block:
    return "callout", {"title": title, "text": "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)}


def _papers(today: date) -> Sequence[Paper]:
    """Those that others refer to come first."""

    def on(days: int) -> date:
        return today + timedelta(days=days)

    def said(days: int) -> str:
        day = on(days)
        return f"{day.month}月{day.day}日"

    year = today.year
    return (
        Paper(
            "玉祁城管",
            20,
            {
                "kind": Kind.POLICY,
                "title": "沿街店铺招牌和户外广告设置指引",
                "summary": "一店一牌、不挡窗、不伸出墙，晚上十点后调暗。从下月起，换招牌前先来问一声。",
                "meaning": "开店的：换招牌前先报一张草图，三个工作日内答复。\n已经挂好的：不用马上换，坏了再按新的来。\n住楼上的：招牌灯晃眼，可以打电话，当天来看。",
                "document_number": f"玉城管〔{year}〕9号",
                "index_number": f"01404053X/{year}-00009",
                "written_on": on(-23),
                "valid_from": on(-20),
                "body": [
                    _p(
                        "振祁路、海瑞路、湖西路的招牌大小不一，有的伸到人行道上空，有的灯箱整夜不关。去年冬天两块灯箱被风吹落，幸好没有伤到人。",
                        "我们请十位店主坐下来，一条一条商量，写成这份指引。原来的试行稿同时作废。",
                    ),
                    _h("怎么挂"),
                    _list(
                        "一店一牌，高度不超过一楼窗沿，两边不超出自家门面。",
                        "固定在墙上，不用铁丝，不占人行道。每年入冬前自查一次。",
                        "灯光朝下，晚上十点以后调到一半。",
                    ),
                    _h("怎么报"),
                    _steps(
                        "画一张草图，标出长、宽、高，手机拍照就行。",
                        "发到微路长群，或者送到城管窗口。",
                        "三个工作日内答复；需要改的，会说清楚改哪里。",
                    ),
                    _mind("先提醒，再整改", "第一次不合适，上门说明并帮忙想办法；两周内改好的，不作处罚。"),
                    _p("第一次换招牌的小店，设计和安装有困难的，可以请学校美术组和志愿者一起画草图，不收钱。"),
                ],
            },
        ),
        Paper(
            "玉祁城管",
            210,
            {
                "kind": Kind.POLICY,
                "title": "沿街店铺招牌设置指引（试行）",
                "summary": "试行一年的招牌设置要求，已由新的指引代替。",
                "document_number": f"玉城管〔{on(-210).year}〕3号",
                "written_on": on(-212),
                "validity": NoticePage.Validity.REPEALED,
                "body": [
                    _p(
                        "为了让沿街招牌整齐、牢固，先在湖西路试行一年，听听店主和居民的意见再定。",
                        "招牌一店一块，不伸出墙面半米以上，晚上十一点后关灯。",
                        "试行期间只提醒，不处罚。意见可以当面说，也可以写在门口的本子上。",
                    )
                ],
            },
            replaced_by="沿街店铺招牌和户外广告设置指引",
        ),
        Paper(
            "玉祁社区",
            15,
            {
                "kind": Kind.FEEDBACK,
                "title": "口袋公园怎么改：三十二条意见，采纳了哪些",
                "summary": "居民提了三十二条，采纳二十一条，七条以后再办，四条办不了的说明了原因。",
                "meaning": "带孩子的：滑梯换成矮的，地面铺软垫。\n老人：每隔三十米有一张带扶手的长椅。\n遛狗的：北角围出一块，带绳、带袋。",
                "body": [
                    _p(
                        "上个月在二区北门贴了口袋公园的草图，旁边放了一支笔。两个星期里，草图上写满了字。这里逐条答复。"
                    ),
                    _h("采纳的"),
                    _list(
                        "长椅加扶手和靠背，朝南摆。",
                        "路灯矮一点，不照到一楼的窗。",
                        "公厕留一个带扶手的隔间，门口不做台阶。",
                        "雨水口移到低处，下雨不积水。",
                    ),
                    _h("以后再办的"),
                    _p("增加健身器材、装直饮水，要等明年的经费。已经记下，明年春天再公布安排。"),
                    _h("办不了的"),
                    _p("停车位挪进公园：绿地不能改作他用。我们另外在海瑞路北段找了十二个位子，请看停车方案。"),
                    _facts(收到="32 条", 采纳="21 条", 以后再办="7 条", 办不了="4 条，原因已当面说明"),
                ],
            },
        ),
        Paper(
            "玉祁城管",
            9,
            {
                "kind": Kind.INTERPRETATION,
                "title": "门前“五包”包哪五样？一张图、五句话",
                "summary": "干净、整齐、绿化、设施、秩序：店门口到路沿这一块，店主先照看，看不了的我们来。",
                "meaning": "开店的：每天开门、关门各看一眼，有事在微路长群里说。\n路过的：看到不对，可以告诉店主，也可以告诉城管。",
                "body": [
                    _p(
                        "“门前五包”不是把活推给店主。店主离得最近，看得最早；扫不动、修不了、劝不听的，由环卫、市政和城管来。"
                    ),
                    _h("五句话"),
                    _steps(
                        "包干净：门口有纸屑、水渍、积雪，先扫开一条路。",
                        "包整齐：货不上人行道，招牌、雨篷牢固。",
                        "包绿化：不往树池倒水，不在树上挂东西。",
                        "包设施：井盖响、路灯坏，随手报一声。",
                        "包秩序：电动车朝一个方向摆，盲道空出来。",
                    ),
                    _mind(
                        "做得好有什么？",
                        "每季度由同一条路的店主互评，评上的店在门口挂一块小牌，第二年的招牌灯免费检修。",
                    ),
                    _p(
                        "责任书每年签一次，换老板要重签。签的时候请把门口的范围当面看清楚：从墙根到路沿石，左右到邻居的门框。"
                    ),
                ],
            },
        ),
        Paper(
            "玉祁城管",
            6,
            {
                "kind": Kind.CONSULTATION,
                "title": "集镇停车位怎么划：方案征求意见",
                "summary": "四条路新划一百四十六个车位，学校门口留出接送区。划在哪里、怎么收，请您说。",
                "meaning": "开车的：新增一百四十六个位子，前两小时不收费。\n骑电动车的：路口退后五米，另划停放区。\n走路的：盲道和消防通道一律不划。\n想提意见：三十天内，当面、打电话、写信都行。",
                "document_number": f"玉城管〔{year}〕11号",
                "index_number": f"01404053X/{year}-00011",
                "written_on": on(-8),
                "publicity_from": on(-6),
                "publicity_until": on(24),
                "body": [
                    _p(
                        "菜场、学校、卫生服务中心三处停车最难。我们和交警一起数了七天车，早上七点到八点半缺口最大，晚上反而有空。",
                        "方案的意思是：先把白天空着的地方用起来，再划新的；先给走路的人留够，再给车。",
                    ),
                    _h("划在哪里"),
                    _facts(
                        海瑞路北段="64 个，菜场卸货 06:00–08:00 优先",
                        振祁路西侧="38 个，留出公交站前后各 15 米",
                        湖西路="32 个，晚上住户优先",
                        学校门口="12 个接送位，限停 10 分钟",
                    ),
                    _h("还没有定的"),
                    _list(
                        "两小时以后收不收，收多少。",
                        "住户的月卡给一户一张，还是按车。",
                        "周末集市那天要不要全部让出来。",
                    ),
                    _mind("意见怎么交", "附件里有一张意见表，也可以只写一句话。征求结束后十五天内，采纳与否逐条公布。"),
                    _p("收到的意见不公布姓名和电话。需要当面谈的，我们到您方便的地方来。"),
                ],
            },
            files=(("停车方案意见表", "parking-opinion.txt", _OPINION.encode()),),
        ),
        Paper(
            "玉祁城管",
            5,
            {
                "kind": Kind.ROADWORKS,
                "title": "海瑞路雨污管网改造，施工期间半幅通行",
                "summary": "海瑞路振祁路口到湖西路口分两段施工，双向通车、限速，人行道不封。",
                "meaning": f"开车的：绕湖西路，多走约六分钟。\n骑车、走路的：人行道不封，夜里有灯。\n沿街店铺：卸货改到 06:00–08:00，从北口进。\n用水：{said(4)} 13:00–17:00 停一次水，请先存好。",
                "issuer": "街道市政科（演示）",
                "document_number": f"玉街市告〔{year}〕41号",
                "index_number": f"320206005/{year}-00412",
                "written_on": on(-6),
                "valid_from": on(-3),
                "valid_until": on(27),
                "body": [
                    _p(
                        "海瑞路一下大雨就积水，雨水和污水走的是同一根管子。这次把两根管子分开，是排水达标区建设的第四段，全长约六百二十米。"
                    ),
                    _h("工期和通行"),
                    _facts(
                        第一段=f"{said(-3)}—{said(11)}，东半幅施工，西半幅双向通行",
                        第二段=f"{said(12)}—{said(27)}，换西半幅施工",
                        每天="07:00–19:00，夜里不开挖",
                        限速="20 公里/小时",
                    ),
                    _mind("雪天停工", "下雪或结冰时停工，先除雪。停工的天数往后顺延，改期另行告知。"),
                    _h("噪声和扬尘"),
                    _p(
                        "现场设围挡和喷淋，裸土当天盖好。您觉得太吵、太晚或有扬尘，请打城管电话，两小时内有人到场。",
                        "施工单位每天收工前扫一遍路面；微路长和网格员各看一遍，两边都签字才算完。",
                    ),
                    _h("为什么选在冬天"),
                    _p("冬天雨少，管沟里没有水，工期可以短三分之一。春节前恢复全幅通行，不耽误年货街。"),
                    _p("（此件公开发布）"),
                ],
                "title_en": "Drains renewed on Hairui Road: one half open to traffic",
                "summary_en": "Works in two stages between Zhenqi Road and Huxi Road; two-way traffic at 20 km/h, pavements stay open.",
                "meaning_en": "Drivers: take Huxi Road, about six minutes longer.\nOn foot or by bicycle: pavements stay open and are lit.\nShops: deliveries from 06:00 to 08:00, from the north.",
                "body_en": [
                    _p(
                        "Rain and sewage share one pipe under Hairui Road, and every heavy rain floods it. They are now being separated over some 620 metres.",
                        "Work goes on from 07:00 to 19:00. In snow or frost it stops, and the days are added at the end.",
                    )
                ],
            },
            files=(
                ("海瑞路绕行示意图", "hairui-detour.pdf", demo_drawing.detour("PDF")),
                ("分段工期表", "hairui-stages.txt", _STAGES.encode()),
            ),
            picture=(
                "绕行示意图：海瑞路东半幅封闭，车辆从振祁路口转到湖西路",
                "斜线是施工的半幅，绿色针脚是绕行路线。",
                3,
            ),
        ),
        Paper(
            "玉祁城管",
            3,
            {
                "kind": Kind.PUBLICITY,
                "title": "第二批商户“微路长”名单公示",
                "summary": "三条路推选出九位微路长，公示七天。您有不同意见，请在公示期内说。",
                "meaning": "沿街的店：您那一段的微路长是谁，请看下面。\n有意见的：七天内打电话或当面说，我们为您保密。",
                "document_number": f"玉城管〔{year}〕12号",
                "index_number": f"01404053X/{year}-00012",
                "written_on": on(-4),
                "publicity_from": on(-3),
                "publicity_until": on(4),
                "body": [
                    _p(
                        "微路长由同一条路的店主自己推选，任期一年，不拿工资。他们在群里收大家的问题，每天转一圈，能解决的当场解决，不能的交给城管，并且盯到办完。"
                    ),
                    _h("推选结果"),
                    _facts(
                        振祁路="水果店、手机店、五金店各一位",
                        海瑞路="早点铺、药房、理发店各一位",
                        湖西路="面馆、文具店、洗衣店各一位",
                    ),
                    _p("名单只写店，不写姓名和电话；姓名在街道公告栏上，公示结束就撤下。"),
                    _h("怎么提意见"),
                    _p("公示期内，工作日 9:00–17:00 可到城管窗口，也可以打电话。实名提的，三个工作日内答复本人。"),
                    _p("公示没有异议的，从公示结束的第二天起开始值路，第一个月由老微路长带着走。"),
                ],
            },
        ),
        Paper(
            "玉祁城管",
            1,
            {
                "kind": Kind.ANNOUNCEMENT,
                "title": "雪天撒融雪剂，请这样停车和走路",
                "summary": "桥面、坡道、公交站先撒；撒过的地方不发白也可能滑。请把车停进车位，给除雪车让出路。",
                "meaning": "开车的：今晚八点以后不停在振祁路、海瑞路两侧。\n走路的：桥面和坡道贴着扶手走。\n开店的：不要把热水泼到门口，会结冰。\n养狗的：回家给脚掌冲一冲，融雪剂会伤脚。",
                "document_number": f"玉城管〔{year}〕13号",
                "index_number": f"01404053X/{year}-00013",
                "written_on": on(-1),
                "valid_from": on(-1),
                "valid_until": on(5),
                "body": [
                    _p(
                        "除雪有先后：先桥面和坡道，再公交站、学校和卫生服务中心门口，然后主干路，最后小巷。小巷靠大家，一户扫一段，路就通了。"
                    ),
                    _h("融雪剂怎么用"),
                    _list(
                        "先铲后撒。雪厚的地方撒了也化不开，只会变成冰壳。",
                        "一平方米一小把，约二十克，撒匀。",
                        "树池、花坛、井盖上不撒。",
                    ),
                    _facts(
                        领取="玉祁社区党群服务中心门口，草垫和铲子也在这里", 时间="18:00–22:00", 数量="每户一袋，两公斤"
                    ),
                    _mind("不要碰", "断落的电线、压弯的树枝下面不要站人。先退开，再打城管电话。"),
                    _p("今晚的除雪行动还需要人手，愿意来的请看旁边的行动。"),
                    _p("雪停以后三天内，环卫会把残留的融雪剂冲洗干净。"),
                ],
                "title_en": "De-icing salt tonight: how to park and walk",
                "summary_en": "Bridges, slopes and bus stops first. Please park in a bay and leave room for the snow plough.",
                "meaning_en": "Drivers: no parking along Zhenqi Road and Hairui Road after eight tonight.\nOn foot: hold the rail on bridges and slopes.\nShops: do not pour hot water out; it freezes.",
                "body_en": [
                    _p(
                        "Bridges and slopes come first, then bus stops, the school and the clinic, then the main roads and last the lanes.",
                        "Shovel first, salt afterwards: about twenty grams to a square metre, and none on trees or flower beds.",
                    )
                ],
            },
            action=SNOW_ACTION,
        ),
        Paper(
            "玉祁社区",
            0,
            {
                "kind": Kind.WARNING,
                "title": "道路结冰黄色预警：今晚到明早，桥面和坡道会结冰",
                "summary": "今晚气温降到零下，请减少夜间出行；老人、孩子尽量待在家里。",
                "meaning": "出门的：走扫过的路，穿防滑鞋，手不要插在口袋里。\n开车的：慢行，桥面不急刹。\n一个人住的老人：缺菜、缺药，打社区电话，有人送来。",
                "issuer": "转发自气象部门（演示）",
                "valid_from": on(0),
                "valid_until": on(1),
                "is_pinned": True,
                "body": [
                    _p(
                        "今天傍晚起有雪，夜里最低气温零下四度左右。路面先湿后冻，桥面、坡道、背阴的小巷最先结冰，明早七点前最滑。",
                        "社区今晚有人值班。水管请用旧毛巾包好，睡前留一线细水，不容易冻裂。",
                    ),
                    _facts(预警="道路结冰，黄色", 从="今天 18:00", 到="明天 10:00，之后看天气再定"),
                    _mind("摔倒了怎么办", "先不要急着站起来，试试手脚能不能动。疼得厉害，原地等人，打 120。"),
                    _p("网格员会给独居老人各打一次电话；没有接到的，请邻居帮忙敲敲门。"),
                    _p("预警解除后，这里会撤下。"),
                ],
                "title_en": "Yellow warning: ice on bridges and slopes from tonight",
                "summary_en": "Below zero tonight. Please go out less after dark; old people and children should stay at home.",
            },
            action=SNOW_ACTION,
        ),
        Paper(
            "玉祁社区",
            12,
            {
                "kind": Kind.OUTAGE,
                "title": "二区更换水表阀门，停水一天",
                "summary": "二区一号楼到六号楼停水，当天晚上恢复。",
                "meaning": "一到六号楼：请前一晚存好水。\n家里有病人、婴儿的：打社区电话，送桶装水上门。",
                "valid_from": on(-10),
                "valid_until": on(-10),
                "body": [
                    _p(
                        "二区的水表阀门用了十八年，关不严。水务部门换新的，一次换完，以后检修只停一栋楼。",
                        "恢复后刚开始的水可能发黄，放一两分钟就清。太阳能和热水器请先关进水阀。",
                        "当天送水车停在北门，八点到下午五点，自带水桶。",
                    ),
                    _facts(停水=f"{said(-10)} 08:00–18:00", 范围="二区 1–6 号楼", 送水车="北门"),
                ],
            },
        ),
        Paper(
            "玉祁社区",
            8,
            {
                "kind": Kind.NEWS,
                "title": "北弄出新了：换了灯，铺了路，少了三堆杂物",
                "summary": "背街里巷出新做到二区北弄，二十六户人家一起清出三车杂物。",
                "body": [
                    _p(
                        "北弄是二区最窄的一条巷子，只容一辆三轮车。下雨积水，天黑没灯，墙根堆着各家舍不得扔的东西。",
                        "十月起，社区请每户人家来选：留什么，扔什么，灯装在哪里。选了三轮，最后一致的有四件事，就先做这四件。",
                    ),
                    _list(
                        "地面铺了防滑砖，中间留一道排水沟。",
                        "六盏感应灯，人来就亮，人走就暗。",
                        "晾衣架统一装在南墙。",
                        "墙上留了一块给孩子画画。",
                    ),
                    _p(
                        "清杂物那天来了四十多个人，装了三车。旧门板做成花箱，放在拐角，正好挡住那个容易撞到的墙角。",
                        "下一条是西弄，下周开会商量，时间另行通知。",
                    ),
                ],
            },
        ),
        Paper(
            "玉祁社区",
            18,
            {
                "kind": Kind.ANNOUNCEMENT,
                "title": "“瓶改管”入户：下月起逐户接通管道气",
                "summary": "一区、三区的小饭店和住户从瓶装气改用管道气，上门看管路，不收检查费。",
                "meaning": "开饭店的：先改，约好时间，半天装完。\n住户：自愿报名，满一个单元一起装。\n所有人：穿制服、有工作证的才让进门。",
                "valid_from": on(-18),
                "valid_until": on(72),
                "body": [
                    _p(
                        "瓶装气搬上搬下不方便，放在厨房也不安全。管道已经铺到楼下，剩下的是进户这几米。",
                        "改装由燃气公司做，社区网格员陪着上门。装好当场试压，点火给您看。",
                    ),
                    _steps(
                        "在楼道口登记，或者打社区电话。", "约时间看管路，约二十分钟。", "安装，半天；装好三天后回访。"
                    ),
                    _mind("谨防冒充", "上门的人不收现金，不卖灶具。要您付钱的，请先打社区电话核对。"),
                    _p("旧气瓶由供气站统一收走，押金当场退。"),
                ],
            },
        ),
        Paper(
            "示范初级中学",
            1,
            {
                "kind": Kind.ANNOUNCEMENT,
                "title": "雪天错峰到校安排",
                "summary": "结冰天推迟半小时上课，三个年级分开进校门；到得早的孩子可以进图书室。",
                "meaning": "家长：七点半以前不用到，校门口不停车。\n学生：穿防滑鞋，书包减一半。\n住得远的：路不通就不来，不算缺课。",
                "valid_from": on(-1),
                "valid_until": on(6),
                "body": [
                    _facts(七年级="08:00，北门", 八年级="08:10，东门", 九年级="08:20，北门"),
                    _p(
                        "校门口的坡道由老师和志愿者在七点以前扫好。请家长在路口放下孩子，让他们跟着护学队走进来。",
                        "图书室七点开门，有热水，有老师。午饭照常，住校生的晚自习改在宿舍。",
                    ),
                    _mind("不打雪仗的地方", "坡道、楼梯口、停车场不打雪仗。操场可以，体育老师在。"),
                    _p("天气转好就恢复平时的时间，前一天晚上在这里通知。"),
                ],
            },
        ),
        Paper(
            "示范制造有限公司",
            14,
            {
                "kind": Kind.CAMPAIGN,
                "title": "厂门口停车让道月",
                "summary": "这个月起，员工的车一律进厂，厂门口两侧六十米让给公交和行人。",
                "meaning": "员工：北门车场扩了八十个位子，先到先停。\n送货的：十一点到下午一点不进不出，让学生放学。\n邻居：还有车停在外面，请拍照发给门卫。",
                "body": [
                    _p(
                        "早上七点四十，厂门口停着一长排车，公交车停到了路中间。社区和交警来过三次，员工自己也嫌堵。",
                        "我们腾出旧仓库的前院，划了八十个位子；电动车棚加了顶和插座。门卫多一个人，专门指路。",
                    ),
                    _list(
                        "第一周：提醒，发一张纸条。",
                        "第二周起：停在外面的，车主自己出来挪。",
                        "月底：数一数，公布结果。",
                    ),
                    _p("城管、社区和学校各派一个人，每周三早上一起在门口站半小时，看看还有哪里不顺。"),
                ],
            },
        ),
        Paper(
            "聚力暖橙志愿队",
            4,
            {
                "kind": Kind.NEWS,
                "title": "暖橙点冬天的开门时间",
                "summary": "三处暖橙点清晨五点半开门，环卫工人、外卖骑手、走累的路人都可以进来坐。",
                "body": [
                    _p(
                        "扫街的师傅四点就出门，手套里总是湿的。去年冬天我们在水果店门口放了一个保温桶，今年有了三处，都是店主让出来的一角。"
                    ),
                    _facts(海瑞路="水果店旁，05:30–08:30", 振祁路="手机店里，06:00–09:00", 湖西路="面馆二楼，全天"),
                    _p(
                        "有热水、姜茶、微波炉和充电线，也有针线和创可贴。杯子请放回托盘，下一位等着用。",
                        "上个月来过的人在本子上留了话，最多的一句是“坐一会儿就好”。",
                    ),
                    _p("想来值一个早班的，请看联合行动里的“热饮点值守”。也收旧手套，洗净的。"),
                ],
            },
        ),
    )


_OPINION = """停车方案意见表

一、您在哪条路上停车或走路：
二、您同意的：
三、您不同意的，为什么：
四、您还想到的：

不用写姓名。想收到答复的，请留一个联系方式。
交到：城管窗口，或任何一位微路长。
"""

_STAGES = """海瑞路雨污管网改造 分段工期表

第一段  东半幅  振祁路口到菜场门口
第二段  西半幅  菜场门口到湖西路口
每天 07:00–19:00，雪天停工，顺延。
"""


def _site_pages() -> Sequence[StandardPage]:
    return (
        StandardPage(
            title="关于本站",
            slug="about",
            show_in_menus=True,
            summary="社区、学校、企业、商户和志愿者在这里商量事情、一起动手。",
            body=[
                _p(
                    "“共治”的意思是：路不只是城管的路，巷子不只是社区的巷子。谁住在这里、谁在这里开店上学，谁就可以说话，也可以搭把手。",
                    "网站做三件事：哪里需要人手，写清楚；谁愿意来，两下报上名；做到哪一步，当场看得见。",
                ),
                _h("谁在里面"),
                _p("每个单位由运营者核实以后才能发布行动和公告。名字旁边的方块是它的标记，点开能看到电话。"),
                _h("您的信息"),
                _p(
                    "看公告、看行动不用登录。报名只要姓名、手机号和年满十八岁的声明；手机号平时遮住，只有带队的人在行动前后能看，每看一次都有记录。"
                ),
                _mind(
                    "这是演示",
                    "现在看到的单位、行动和公告都是编的，用来试用。运营单位填好设置后，这里写上它的名称、地址和电话。",
                ),
            ],
            title_en="About this site",
            summary_en="Communities, schools, enterprises, merchants and volunteers decide and act together here.",
            body_en=[
                _p(
                    "A road does not belong to the department alone, nor a lane to the community office. Whoever lives, trades or learns here may speak up and lend a hand.",
                    "Reading needs no account. Signing up takes a name, a phone number and the word that you are of age; the number stays masked, and each look at it is kept.",
                ),
            ],
        ),
        StandardPage(
            title="怎么用",
            slug="help",
            show_in_menus=True,
            summary="报名、候补、取消、看公告，各要两三步。",
            body=[
                _h("报名参加行动"),
                _steps(
                    "在“行动”里挑一个，看清时间、地点和要带的东西。",
                    "点“我要报名”，选好班次，再点确认。",
                    "名额满了可以候补。轮到您时会通知，请在二十分钟内答复。",
                ),
                _h("来不了"),
                _p("在“我的活动”里取消，名额马上给下一位。临开始两小时内取消，请写一句原因，方便带队的人安排。"),
                _h("看公告"),
                _p(
                    "公告按类别分页，重要的置顶。每份公告先写“这和您有什么关系”，再写正文；已经失效或废止的，标题上方会写明。",
                    "在微信里打不开附件时，点右上角，选“在浏览器打开”。",
                ),
                _h("字太小、太亮"),
                _p("页面上方点“大字”，字和按钮都会变大；页面底部可以换深色。选一次，下次还是这样。"),
                _h("找人帮忙"),
                _p("不会用手机的，请到所在社区的窗口，工作人员可以替您报名。"),
            ],
            title_en="How it works",
            summary_en="Sign up, wait in line, cancel, read notices: two or three steps each.",
            body_en=[
                _steps(
                    "Choose an action and read when, where and what to bring.",
                    "Tap “Sign up”, choose a shift, confirm.",
                    "If it is full, join the waiting list; when a place comes free you have twenty minutes to answer.",
                ),
                _p("If you cannot come, cancel in “My activities”: the place goes to the next at once."),
            ],
        ),
    )
