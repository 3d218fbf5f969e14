"""The pages of the site itself: what it is, and how it is used."""

from collections.abc import Sequence

from portal.models import StandardPage

from .papers import callout, heading, paragraphs, steps


def pages() -> Sequence[StandardPage]:
    return (
        StandardPage(
            title="关于本站",
            slug="about",
            show_in_menus=True,
            summary="社区、学校、企业、商户和志愿者在这里商量事情、一起动手。",
            body=[
                paragraphs(
                    "“共治”的意思是：路不只是城管的路，巷子不只是社区的巷子。谁住在这里、谁在这里开店上学，谁就可以说话，也可以搭把手。",
                    "网站做三件事：哪里需要人手，写清楚；谁愿意来，两下报上名；做到哪一步，当场看得见。",
                ),
                heading("谁在里面"),
                paragraphs("每个单位由运营者核实以后才能发布行动和公告。名字旁边的方块是它的标记，点开能看到电话。"),
                heading("您的信息"),
                paragraphs(
                    "看公告、看行动不用登录。报名只要姓名、手机号和年满十八岁的声明；手机号平时遮住，只有带队的人在行动前后能看，每看一次都有记录。"
                ),
                callout(
                    "这是演示",
                    "现在看到的单位、行动和公告都是编的，用来试用。运营单位填好设置后，这里写上它的名称、地址和电话。",
                ),
            ],
            title_en="About this site",
            summary_en="Communities, schools, enterprises, merchants and volunteers decide and act together here.",
            body_en=[
                paragraphs(
                    "A road does not belong to the department alone, nor a lane to the community office. Whoever lives, trades or learns here may speak up and lend a hand.",
                    "The site does three things: it says where hands are wanted, takes your name in two taps, and shows how far the work has come while it happens.",
                ),
                heading("Who is in it"),
                paragraphs(
                    "The operator makes sure who an organisation is before it may announce anything. The square beside a name is its badge; behind it stands its phone."
                ),
                heading("Your data"),
                paragraphs(
                    "Reading needs no account. Signing up takes a name, a phone number and the word that you are of age; the number stays masked, only those who lead the action may look it up around its day, and each look is kept."
                ),
                callout(
                    "This is a demonstration",
                    "Organisations, actions and notices are made up, to be tried. Once an operator has filled in the settings, its name, address and phone stand here.",
                ),
            ],
        ),
        StandardPage(
            title="怎么用",
            slug="help",
            show_in_menus=True,
            summary="报名、候补、取消、看公告，各要两三步。",
            body=[
                heading("报名参加行动"),
                steps(
                    "在“行动”里挑一个，看清时间、地点和要带的东西。",
                    "点“我要报名”，选好班次，再点确认。",
                    "名额满了可以候补。轮到您时会通知，请在二十分钟内答复。",
                ),
                heading("来不了"),
                paragraphs(
                    "在“我的活动”里取消，名额马上给下一位。临开始两小时内取消，请写一句原因，方便带队的人安排。"
                ),
                heading("看公告"),
                paragraphs(
                    "公告按类别分页，重要的置顶。每份公告先写“这和您有什么关系”，再写正文；已经失效或废止的，标题上方会写明。",
                    "在微信里打不开附件时，点右上角，选“在浏览器打开”。",
                ),
                heading("字太小、太亮"),
                paragraphs("页面上方点“大字”，字和按钮都会变大；页面底部可以换深色。选一次，下次还是这样。"),
                heading("找人帮忙"),
                paragraphs("不会用手机的，请到所在社区的窗口，工作人员可以替您报名。"),
            ],
            title_en="How it works",
            summary_en="Sign up, wait in line, cancel, read notices: two or three steps each.",
            body_en=[
                heading("Signing up"),
                steps(
                    "Choose an action and read when, where and what to bring.",
                    "Tap “Sign up”, choose a shift, confirm.",
                    "If it is full, join the waiting list; when a place comes free you have twenty minutes to answer.",
                ),
                heading("If you cannot come"),
                paragraphs(
                    "Cancel in “My activities”: the place goes to the next at once. In the last two hours please say why, so that whoever leads can plan."
                ),
                heading("Notices"),
                paragraphs(
                    "They are sorted by kind; what matters now is pinned. Each begins with what it means for you. What no longer holds says so above its title.",
                    "If a file does not open in WeChat, tap … at the top right and choose “open in browser”.",
                ),
                heading("Too small, too bright"),
                paragraphs(
                    "“Larger” at the top makes letters and buttons larger; at the foot of every page it can be dark. Chosen once, it stays."
                ),
                heading("Somebody to help"),
                paragraphs("Without a phone, come to the window of your community: they sign you up."),
            ],
        ),
    )
