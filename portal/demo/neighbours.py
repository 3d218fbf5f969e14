"""What the school, the factory and the volunteers make known."""

from portal.models import NoticePage

from .papers import Days, Paper, callout, facts, paragraphs, points

Kind = NoticePage.Kind


def staggered_arrival(days: Days) -> Paper:
    return Paper(
        "示范初级中学",
        1,
        {
            "kind": Kind.ANNOUNCEMENT,
            "title": "雪天错峰到校安排",
            "summary": "结冰天推迟半小时上课，三个年级分开进校门；到得早的孩子可以进图书室。",
            "meaning": "家长：七点半以前不用到，校门口不停车。\n学生：穿防滑鞋，书包减一半。\n住得远的：路不通就不来，不算缺课。",
            "valid_from": days.on(-1),
            "valid_until": days.on(6),
            "body": [
                facts(七年级="08:00，北门", 八年级="08:10，东门", 九年级="08:20，北门"),
                paragraphs(
                    "校门口的坡道由老师和志愿者在七点以前扫好。请家长在路口放下孩子，让他们跟着护学队走进来。",
                    "图书室七点开门，有热水，有老师。午饭照常，住校生的晚自习改在宿舍。",
                ),
                callout("不打雪仗的地方", "坡道、楼梯口、停车场不打雪仗。操场可以，体育老师在。"),
                paragraphs("天气转好就恢复平时的时间，前一天晚上在这里通知。"),
            ],
        },
    )


def factory_gate(days: Days) -> Paper:
    return Paper(
        "示范制造有限公司",
        14,
        {
            "kind": Kind.CAMPAIGN,
            "title": "厂门口停车让道月",
            "summary": "这个月起，员工的车一律进厂，厂门口两侧六十米让给公交和行人。",
            "meaning": "员工：北门车场扩了八十个位子，先到先停。\n送货的：十一点到下午一点不进不出，让学生放学。\n邻居：还有车停在外面，请拍照发给门卫。",
            "body": [
                paragraphs(
                    "早上七点四十，厂门口停着一长排车，公交车停到了路中间。社区和交警来过三次，员工自己也嫌堵。",
                    "我们腾出旧仓库的前院，划了八十个位子；电动车棚加了顶和插座。门卫多一个人，专门指路。",
                ),
                points(
                    "第一周：提醒，发一张纸条。",
                    "第二周起：停在外面的，车主自己出来挪。",
                    "月底：数一数，公布结果。",
                ),
                paragraphs("城管、社区和学校各派一个人，每周三早上一起在门口站半小时，看看还有哪里不顺。"),
            ],
        },
    )


def warm_corners(days: Days) -> Paper:
    return Paper(
        "聚力暖橙志愿队",
        4,
        {
            "kind": Kind.NEWS,
            "title": "暖橙点冬天的开门时间",
            "summary": "三处暖橙点清晨五点半开门，环卫工人、外卖骑手、走累的路人都可以进来坐。",
            "body": [
                paragraphs(
                    "扫街的师傅四点就出门，手套里总是湿的。去年冬天我们在水果店门口放了一个保温桶，今年有了三处，都是店主让出来的一角。"
                ),
                facts(海瑞路="水果店旁，05:30–08:30", 振祁路="手机店里，06:00–09:00", 湖西路="面馆二楼，全天"),
                paragraphs(
                    "有热水、姜茶、微波炉和充电线，也有针线和创可贴。杯子请放回托盘，下一位等着用。",
                    "上个月来过的人在本子上留了话，最多的一句是“坐一会儿就好”。",
                ),
                paragraphs("想来值一个早班的，请看联合行动里的“热饮点值守”。也收旧手套，洗净的。"),
            ],
        },
    )


PAPERS = (staggered_arrival, factory_gate, warm_corners)
