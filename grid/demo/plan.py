"""What the drawing of the demo town is made from: an outline, lines that cut it, and roads from crossing to crossing.

All positions are WGS-84, longitude before latitude. The outline follows the district's boundary in the north and west and is
drawn freely in the east and south; where communities, villages and roads lie in it is invented.
"""

from typing import NamedTuple

from grid.models import PointOfInterest, Road

Position = tuple[float, float]
Class, Kind = Road.Class, PointOfInterest.Kind

TOWN = "320206005"
"""Jiangsu 32, Wuxi 02, Huishan 06, Yuqi subdistrict 005: the code of statistics, before all codes of the town's areas."""

OUTLINE: tuple[Position, ...] = (
    *((120.138, 31.678), (120.146, 31.684), (120.146, 31.687), (120.138, 31.690), (120.139, 31.693), (120.140, 31.699)),
    *((120.149, 31.701), (120.152, 31.706), (120.151, 31.714), (120.152, 31.729), (120.149, 31.746), (120.150, 31.758)),
    *((120.155, 31.761), (120.164, 31.763), (120.168, 31.760), (120.174, 31.760), (120.179, 31.752), (120.189, 31.754)),
    *((120.196, 31.755), (120.199, 31.742), (120.198, 31.737), (120.199, 31.731), (120.202, 31.728)),
    *((120.203, 31.713), (120.199, 31.700), (120.187, 31.688), (120.168, 31.680), (120.138, 31.678)),
)

EXPRESSWAY: tuple[Position, ...] = ((120.120, 31.7216), (120.140, 31.716), (120.183, 31.704), (120.205, 31.698))
"""沪蓉高速 G42, between the north zone and the south zone."""


class ZonePlan(NamedTuple):
    code: str
    name: str
    name_en: str


ZONES = {"N": ZonePlan(f"{TOWN}-N", "北片区", "North zone"), "S": ZonePlan(f"{TOWN}-S", "南片区", "South zone")}


class GridPlan(NamedTuple):
    """A community grid: a position in it, and into how many columns and rows its unit cells divide it."""

    number: int
    name: str
    name_en: str
    zone: str
    at: Position
    columns: int
    rows: int


GRIDS = (
    GridPlan(1, "玉祁社区", "Yuqi Community", "N", (120.183, 31.718), 2, 2),
    GridPlan(2, "平湖社区", "Pinghu Community", "N", (120.190, 31.713), 1, 3),
    GridPlan(3, "玉西社区", "Yuxi Community", "N", (120.175, 31.717), 1, 3),
    GridPlan(4, "玉鑫社区", "Yuxin Community", "N", (120.184, 31.725), 4, 1),
    GridPlan(5, "玉东村", "Yudong Village", "N", (120.198, 31.715), 1, 2),
    GridPlan(6, "曙光村", "Shuguang Village", "N", (120.193, 31.740), 1, 2),
    GridPlan(7, "芙蓉村", "Furong Village", "N", (120.181, 31.740), 1, 2),
    GridPlan(8, "礼社村", "Lishe Village", "N", (120.160, 31.745), 1, 2),
    GridPlan(9, "黄泥坝村", "Huangniba Village", "N", (120.162, 31.720), 1, 2),
    GridPlan(10, "民主村", "Minzhu Village", "S", (120.154, 31.690), 1, 2),
    GridPlan(11, "南联村", "Nanlian Village", "S", (120.173, 31.695), 1, 2),
    GridPlan(12, "示范村", "Model Village", "S", (120.192, 31.697), 2, 1),
)
"""Which village and community there is, is looked up; where it lies is not."""

BETWEEN_GRIDS: tuple[tuple[Position, ...], ...] = (
    # The four communities in the middle: around them, and along 海瑞路, 湖西路 and 示范一路 between them.
    ((120.172, 31.7065), (120.172, 31.728), (120.194, 31.728), (120.194, 31.700)),
    ((120.1715, 31.7218), (120.1750, 31.7219), (120.1788, 31.7220), (120.1832, 31.7221), (120.1945, 31.7224)),
    ((120.1791, 31.7045), (120.1790, 31.7090), (120.1789, 31.7139), (120.1788, 31.7220)),
    ((120.1867, 31.7020), (120.1866, 31.7086), (120.1865, 31.7136), (120.1864, 31.7222)),
    # The villages around, from the corners of the middle to the town's edge.
    ((120.150, 31.7278), (120.172, 31.728)),
    ((120.176, 31.728), (120.170, 31.770)),
    ((120.187, 31.728), (120.186, 31.760)),
    ((120.194, 31.728), (120.210, 31.729)),
    ((120.1658, 31.7090), (120.158, 31.670)),
    ((120.183, 31.7042), (120.186, 31.680)),
)


class RoadPlan(NamedTuple):
    """A road: what it crosses and where. Between two crossings that are named lies a segment; others are bends."""

    number: int
    name: str
    name_en: str
    road_class: Road.Class
    way: tuple[tuple[str, float, float], ...]
    merchants: str = ""


ROADS = (
    RoadPlan(
        *(1, "振祁路", "Zhenqi Road", Class.MAIN),
        (
            ("示范四路", 120.1834, 31.7088),
            ("堰玉路", 120.1833, 31.7137),
            ("海瑞路", 120.1832, 31.7221),
            ("示范三路", 120.1830, 31.7276),
        ),
        "振祁路微路长商户组",
    ),
    RoadPlan(
        *(2, "海瑞路", "Hairui Road", Class.MAIN),
        (
            ("示范二路", 120.1750, 31.7219),
            ("湖西路", 120.1788, 31.7220),
            ("振祁路", 120.1832, 31.7221),
            ("示范五路", 120.1903, 31.7223),
        ),
        "海瑞路微路长商户组",
    ),
    RoadPlan(
        *(3, "湖西路", "Huxi Road", Class.MAIN),
        (("示范四路", 120.1790, 31.7090), ("堰玉路", 120.1789, 31.7139), ("海瑞路", 120.1788, 31.7220)),
        "湖西路微路长商户组",
    ),
    RoadPlan(
        *(4, "堰玉路", "Yanyu Road", Class.MAIN),
        (
            ("示范二路", 120.1752, 31.7140),
            ("湖西路", 120.1789, 31.7139),
            ("", 120.1833, 31.7137),
            ("示范一路", 120.1865, 31.7136),
            ("街道东界", 120.2020, 31.7131),
        ),
    ),
    RoadPlan(
        *(5, "示范一路", "Model Road 1", Class.SECONDARY),
        (
            ("示范四路", 120.1866, 31.7086),
            ("堰玉路", 120.1865, 31.7136),
            ("海瑞路", 120.1864, 31.7222),
            ("示范三路", 120.1862, 31.7278),
        ),
    ),
    RoadPlan(
        *(6, "示范二路", "Model Road 2", Class.SECONDARY),
        (
            ("示范四路", 120.1754, 31.7092),
            ("堰玉路", 120.1752, 31.7140),
            ("海瑞路", 120.1750, 31.7219),
            ("示范三路", 120.1748, 31.7279),
        ),
    ),
    RoadPlan(
        *(7, "示范三路", "Model Road 3", Class.SECONDARY),
        (("示范二路", 120.1748, 31.7279), ("振祁路", 120.1830, 31.7276), ("示范一路", 120.1862, 31.7278)),
    ),
    RoadPlan(
        *(8, "示范四路", "Model Road 4", Class.SECONDARY),
        (
            ("示范二路", 120.1754, 31.7092),
            ("湖西路", 120.1790, 31.7090),
            ("振祁路", 120.1834, 31.7088),
            ("", 120.1866, 31.7086),
            ("示范五路", 120.1907, 31.7084),
        ),
    ),
    RoadPlan(
        *(9, "示范五路", "Model Road 5", Class.SECONDARY),
        (("示范四路", 120.1907, 31.7084), ("堰玉路", 120.1905, 31.7135), ("海瑞路", 120.1903, 31.7223)),
    ),
    RoadPlan(
        *(10, "示范六路", "Model Road 6", Class.SECONDARY),
        (
            ("示范二路", 120.1751, 31.7179),
            ("湖西路", 120.1789, 31.7180),
            ("振祁路", 120.1833, 31.7180),
            ("示范一路", 120.1865, 31.7181),
        ),
    ),
    RoadPlan(
        *(11, "示范七路", "Model Road 7", Class.BRANCH),
        (("海瑞路", 120.1788, 31.7220), ("示范三路", 120.1788, 31.7278)),
    ),
    RoadPlan(
        *(12, "示范八路", "Model Road 8", Class.BRANCH),
        (("示范一路", 120.1865, 31.7181), ("示范五路", 120.1904, 31.7183)),
    ),
    RoadPlan(
        *(13, "示范九路", "Model Road 9", Class.BRANCH),
        (("示范一路", 120.1866, 31.7110), ("示范五路", 120.1906, 31.7109)),
    ),
    RoadPlan(
        *(14, "示范十路", "Model Road 10", Class.BRANCH),
        (("示范三路", 120.1830, 31.7276), ("芙蓉村", 120.1822, 31.7400), ("街道北界", 120.1815, 31.7500)),
    ),
    RoadPlan(
        *(15, "示范十一路", "Model Road 11", Class.BRANCH),
        (("示范四路", 120.1834, 31.7088), ("沪蓉高速", 120.1830, 31.7040), ("南联村", 120.1800, 31.6960)),
    ),
    RoadPlan(
        *(16, "示范十二路", "Model Road 12", Class.BRANCH),
        (("示范二路", 120.1752, 31.7140), ("", 120.1680, 31.7150), ("黄泥坝村", 120.1600, 31.7180)),
    ),
    RoadPlan(
        *(17, "示范一巷", "Model Lane 1", Class.LANE),
        (("振祁路", 120.1833, 31.7160), ("示范一路", 120.1865, 31.7160)),
    ),
    RoadPlan(
        *(18, "示范二巷", "Model Lane 2", Class.LANE), (("湖西路", 120.1789, 31.7161), ("振祁路", 120.1833, 31.7162))
    ),
    RoadPlan(
        *(19, "示范三巷", "Model Lane 3", Class.LANE),
        (("示范二路", 120.1751, 31.7160), ("湖西路", 120.1789, 31.7159)),
    ),
    RoadPlan(
        *(20, "示范四巷", "Model Lane 4", Class.LANE),
        (("示范七路", 120.1788, 31.7248), ("振祁路", 120.1831, 31.7248)),
    ),
    RoadPlan(
        *(21, "示范五巷", "Model Lane 5", Class.LANE),
        (("振祁路", 120.1831, 31.7250), ("示范一路", 120.1863, 31.7250)),
    ),
    RoadPlan(
        *(22, "示范六巷", "Model Lane 6", Class.LANE),
        (("堰玉路", 120.1884, 31.7135), ("示范八路", 120.1884, 31.7182)),
    ),
    RoadPlan(
        *(23, "示范七巷", "Model Lane 7", Class.LANE),
        (("示范九路", 120.1886, 31.7110), ("堰玉路", 120.1886, 31.7135)),
    ),
)

ENDS_IN_ENGLISH = {
    "街道东界": "the eastern limit",
    "街道北界": "the northern limit",
    "芙蓉村": "Furong Village",
    "南联村": "Nanlian Village",
    "黄泥坝村": "Huangniba Village",
    "沪蓉高速": "the Hu-Rong Expressway",
}
"""Where a road ends and no other begins."""


class PointPlan(NamedTuple):
    """Something that people know, at a house of a road."""

    name: str
    name_en: str
    kind: PointOfInterest.Kind
    road: str
    house_number: int


POINTS = (
    PointPlan("甜甜水果店（示范）", "Tiantian Fruit (model)", Kind.SHOP, "振祁路", 18),
    PointPlan("掌上手机店（示范）", "Palm Phones (model)", Kind.SHOP, "振祁路", 27),
    PointPlan("暖橙早餐铺（示范）", "Warm Orange Breakfast (model)", Kind.SHOP, "振祁路", 66),
    PointPlan("针线裁缝铺（示范）", "Needle and Thread Tailor (model)", Kind.SHOP, "振祁路", 91),
    PointPlan("振祁路公交站（示范）", "Zhenqi Road stop (model)", Kind.STOP, "振祁路", 74),
    PointPlan("振祁路公厕（示范）", "Zhenqi Road toilet (model)", Kind.TOILET, "振祁路", 120),
    PointPlan("绣花广场（示范）", "Embroidery Square (model)", Kind.PARK, "振祁路", 85),
    PointPlan("海瑞路菜市场（示范）", "Hairui Road market (model)", Kind.MARKET, "海瑞路", 33),
    PointPlan("一口鲜面馆（示范）", "Fresh Bite Noodles (model)", Kind.SHOP, "海瑞路", 12),
    PointPlan("平价五金店（示范）", "Fair Price Hardware (model)", Kind.SHOP, "海瑞路", 58),
    PointPlan("海瑞路公交站（示范）", "Hairui Road stop (model)", Kind.STOP, "海瑞路", 70),
    PointPlan("湖西路口袋公园（示范）", "Huxi Road pocket park (model)", Kind.PARK, "湖西路", 30),
    PointPlan("小西理发店（示范）", "Xiaoxi Hairdresser (model)", Kind.SHOP, "湖西路", 15),
    PointPlan("湖西路洗车行（示范）", "Huxi Road car wash (model)", Kind.SHOP, "湖西路", 47),
    PointPlan("湖西路公厕（示范）", "Huxi Road toilet (model)", Kind.TOILET, "湖西路", 72),
    PointPlan("玉桥（示范）", "Jade Bridge (model)", Kind.BRIDGE, "堰玉路", 40),
    PointPlan("堰玉路公交站（示范）", "Yanyu Road stop (model)", Kind.STOP, "堰玉路", 103),
    PointPlan("便民服务中心（示范）", "Citizens' Service Centre (model)", Kind.OFFICE, "堰玉路", 75),
    PointPlan("示范初级中学", "Model Middle School", Kind.SCHOOL, "示范六路", 20),
    PointPlan("示范实验小学", "Model Primary School", Kind.SCHOOL, "示范一路", 40),
    PointPlan("示范幼儿园", "Model Nursery School", Kind.SCHOOL, "示范五巷", 9),
    PointPlan("玉鑫家园（示范）", "Yuxin Homes (model)", Kind.ESTATE, "示范七路", 21),
    PointPlan("平湖新村（示范）", "Pinghu New Village (model)", Kind.ESTATE, "示范八路", 14),
    PointPlan("玉西花苑（示范）", "Yuxi Gardens (model)", Kind.ESTATE, "示范二路", 55),
    PointPlan("示范制造有限公司", "Model Manufacturing Ltd", Kind.OTHER, "示范四路", 32),
    PointPlan("巷口修车铺（示范）", "Lane Corner Repairs (model)", Kind.SHOP, "示范二巷", 8),
    PointPlan("芙蓉村便民点（示范）", "Furong Village counter (model)", Kind.OFFICE, "示范十路", 101),
    PointPlan("示范三路公厕", "Model Road 3 toilet", Kind.TOILET, "示范三路", 44),
)
"""All invented."""
