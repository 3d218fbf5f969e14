"""What happened in the demo town, case by case: what was reported, where, by whom, and which way it went.

A way is told in ``cases.py``. Roads are named by their numbers in the plan. Nothing of it ever happened.
"""

from dataclasses import dataclass

from grid.models import Case

Channel = Case.Channel


@dataclass(frozen=True)
class Story:
    """One case. ``ago`` is in working days before today; 0 is today, a few minutes ago."""

    ago: int
    category: str
    road: int
    house: int
    words: str
    way: str
    by: str = "chen"
    channel: Case.Channel = Channel.WEB
    # What the picture shows, where there is one.
    picture: str = ""
    contact: bool = False
    # Under which of the category's standards it is filed.
    standard: int = 1
    # The word with which it was handled, closed, put off or not filed.
    word: str = ""


STORIES = (
    # Answered, over the last two months.
    Story(40, "E0110", 1, 3, "垃圾桶旁边堆了好几袋垃圾，有味道。", "closed_rated", "chen", picture="rubbish", word="已清运并冲洗地面，桶边加了提示牌。"),
    Story(38, "E0405", 1, 5, "水果店把筐摆到人行道上，婴儿车过不去。", "closed", "zhou", Channel.GROUP, word="已和店主说明，货筐移回店内，早晚高峰再回头看。"),
    Story(37, "E0410", 2, 4, "公交站后面的电动车停得很乱。", "spot", "colleague13", Channel.PATROL, picture="bikes", word="当场摆放整齐，补划了停放线。"),
    Story(35, "C0101", 3, 7, "井盖踩上去会响，晚上很吵。", "closed_rated", "neighbour01", picture="manhole", contact=True, standard=3, word="更换了井座和防响胶圈，试踩不翘不响。"),
    Story(33, "E0201", 1, 6, "电线杆上又贴满了小广告。", "spot", "lu", Channel.PATROL, picture="posters", word="当场铲除，清洗杆面。"),
    Story(31, "E0407", 2, 3, "货车停在路口，挡住视线。", "closed", "neighbour02", word="交警到场提醒驾驶员驶离，路口增加了巡逻。"),
    Story(30, "E0112", 4, 8, "雨后路面有淤泥，骑车打滑。", "closed", "neighbour03", word="已冲洗路面。"),
    Story(28, "E0136", 5, 2, "门口堆了一堆木料，好几天没人动。", "closed_reworked", "mei", word="业主已将木料清走，现场打扫干净。"),
    Story(27, "E0192", 3, 4, "垃圾桶满了没人收。", "closed_rated", "neighbour04", picture="rubbish", word="已清空，调整为每天两次清运。"),
    Story(26, "E0405", 2, 6, "手机店音箱对着马路放。", "closed", "zhou", Channel.GROUP, word="店主已关掉音箱，签了门前承诺。"),
    Story(24, "E0113", 4, 3, "人行道缺了两块砖。", "closed", "neighbour05", word="已补砖，表面平整。"),
    Story(23, "E0401", 1, 2, "早上有人在校门口摆摊。", "closed_enforced", "lu", Channel.PATROL, word="引导到疏导点经营，首次不罚，拒不配合的车辆已依法暂扣。"),
    Story(22, "E0503", 5, 5, "下水道往外冒水。", "closed_delayed", "neighbour06", contact=True, word="疏通管道，更换破损的一段。"),
    Story(20, "E0110", 2, 5, "菜场后门有人倒垃圾。", "closed", "gu", Channel.HOTLINE, word="已清理，菜场安排专人看管。"),
    Story(19, "E0410", 3, 3, "共享单车把盲道占了。", "closed", "neighbour07", picture="bikes", word="已挪到停放区，通知运营单位每天整理。"),
    Story(18, "E0201", 4, 6, "楼道口被贴了开锁广告。", "closed", "neighbour08", word="已清除。"),
    Story(17, "E0604", 1, 7, "门前地面油污，没有人打扫。", "closed", "zhou", Channel.GROUP, word="商户已清洗，微路长每周回看。"),
    Story(15, "E0112", 2, 7, "路上撒了沙子。", "closed", "gu", Channel.HOTLINE, word="已清扫。"),
    Story(14, "E0407", 1, 4, "有车停在盲道上。", "closed", "neighbour09", word="已通知驾驶员挪车。"),
    Story(13, "E0135", 5, 3, "旧沙发扔在路边。", "closed", "neighbour10", word="已联系大件垃圾清运。"),
    Story(12, "E0405", 3, 5, "早餐店的桌子摆到路上。", "closed_reopened", "neighbour11", word="桌子已搬回店内。"),
    Story(11, "E0110", 4, 4, "绿化带里有垃圾袋。", "closed", "lu", Channel.PATROL, word="已清理。"),
    Story(9, "E0401", 2, 2, "晚上烧烤摊把路占了。", "closed", "neighbour12", word="摊主已移到夜市点。"),
    Story(8, "E0192", 1, 8, "垃圾桶盖子坏了，一直满。", "closed_late", "neighbour13", word="已更换垃圾桶。"),
    Story(7, "E0201", 2, 8, "公交站贴了很多小广告。", "spot", "colleague13", Channel.PATROL, picture="posters", word="当场清除。"),
    Story(6, "E0407", 3, 6, "消防通道前面停了车。", "closed", "neighbour14", word="已挪走，地面补划禁停线。"),
    Story(5, "E0112", 5, 4, "路面有油，走路打滑。", "closed_rated", "chen", word="已撒沙清洗。"),
    # Ended without being handled.
    Story(21, "E0301", 7, 2, "小区里面装修声音太大。", "rejected", "neighbour01", word="小区内部装修由物业和社区协调，已转告玉祁社区，可拨打12345查询。"),
    Story(16, "E0110", 6, 2, "外镇的路边有垃圾。", "rejected", "neighbour02", word="该路段不在本街道范围内，已转告相邻街道。"),
    Story(10, "E0136", 6, 3, "测试一下能不能用。", "void", "neighbour03"),
    Story(2, "E0110", 1, 9, "还是那堆垃圾，没人收。", "merged", "neighbour04"),
    # On the way.
    Story(4, "E0503", 1, 5, "下雨就积水，鞋都湿了。", "overdue", "neighbour05", contact=True),
    Story(4, "E0136", 2, 5, "店门口堆建材，占了半条人行道。", "overdue_supervised", "mei"),
    Story(3, "E0110", 1, 9, "垃圾堆在路口三天了。", "overdue", "neighbour06", picture="rubbish"),
    Story(6, "E0113", 4, 5, "路面有一个坑，骑车颠。", "suspended", "neighbour07", word="要等沥青厂开工才能补，先围挡提示。"),
    Story(5, "C0101", 2, 7, "井盖缺了一角。", "delayed", "neighbour08", picture="manhole", standard=4),
    Story(1, "E0135", 3, 8, "床垫扔在树下面。", "delay_asked", "neighbour09"),
    Story(1, "E0206", 1, 4, "招牌伸出来，快碰到树了。", "handling", "zhou", Channel.GROUP),
    Story(2, "E0104", 2, 3, "外墙被人喷了字。", "handling", "neighbour10", standard=2),
    Story(0, "E0119", 4, 7, "树上挂着塑料袋。", "handling_asked", "neighbour11"),
    Story(1, "E0203", 5, 6, "灯箱歪了，要掉下来的样子。", "handling", "neighbour12", standard=2),
    Story(1, "E0196", 3, 9, "有人装了地锁。", "dispatched", "neighbour13"),
    Story(1, "E0498", 2, 4, "菜场门口摊位摆出来了。", "dispatched", "gu", Channel.HOTLINE),
    Story(1, "E0105", 7, 3, "阳台外面堆满东西，怕掉下来。", "dispatched_community", "neighbour14"),
    Story(0, "E0404", 5, 7, "收废品的车占着人行道。", "returned", "chen"),
    Story(1, "E0305", 4, 9, "工地的废料没有清。", "split", "neighbour01"),
    Story(2, "E0112", 1, 6, "路口有碎玻璃。", "feedback", "zhou", Channel.GROUP, picture="rubbish", word="碎玻璃已扫净。"),
    Story(2, "E0201", 3, 4, "墙上有很多小广告。", "feedback", "neighbour02", picture="posters", word="已铲除并刷白。"),
    Story(1, "E0410", 1, 3, "学校门口的自行车倒了一片。", "feedback", "neighbour03", word="已扶正排好。"),
    Story(2, "E0192", 2, 9, "垃圾桶不够用。", "checking", "neighbour04", word="已增加两只垃圾桶。"),
    Story(2, "E0110", 3, 6, "桥头有人倒垃圾。", "checked", "neighbour05", word="已清走，装了提示牌。"),
    Story(0, "E0136", 1, 8, "店家的雨棚下面摆满货。", "rework", "neighbour06", word="货已搬进店里。"),
    # Just arrived.
    Story(1, "E0128", 2, 6, "店里喇叭从早放到晚。", "verifying", "neighbour07"),
    Story(0, "E0117", 4, 2, "绿地里有狗粪，孩子踩到了。", "verified", "neighbour08"),
    Story(0, "E0410", 3, 5, "电动车停在店门口，进不去。", "filed", "zhou", Channel.GROUP),
    Story(0, "E0201", 5, 8, "站牌被广告盖住了。", "filed", "neighbour09"),
    Story(0, "E0112", 2, 8, "洒水车漏油，路上一条印子。", "filed", "gu", Channel.HOTLINE),
    Story(0, "E0110", 1, 2, "路边有两袋垃圾。", "reported", "chen", picture="rubbish", contact=True),
    Story(0, "", 2, 5, "这里晚上很黑，看不清路。", "reported", "neighbour10"),
    Story(0, "E0201", 1, 9, "灯杆上贴了收旧家电的广告。", "reported", "neighbour11"),
)  # fmt: skip
