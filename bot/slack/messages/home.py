"""The Home tab: how to ask, the ladder to press, what the bot knows."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from slack_sdk.models.blocks import ActionsBlock, Block, DividerBlock
from slack_sdk.models.views import View

from bot.domain import ArticleLink
from bot.slack import names
from bot.slack.messages.buttons import button, distinct, question_row
from bot.slack.messages.limits import ACTIONS, BUTTON_TEXT, VIEW_BLOCKS, VIEW_BYTES, size
from bot.slack.messages.refusals import article_words
from bot.slack.messages.rich import Words, bullets, one_line, paragraph, rich_text, section
from bot.slack.messages.sources import readable
from bot.slack.messages.spoken import title_case

# Of a longer list nobody reads the end. The lower counts are for titles too long for one view.
_TOPICS, _ARTICLES, _ALL_ARTICLES = 30, 40, (300, 100, 30)
_QUESTION, _EXAMPLES, _GAPS = 300, 5, 5
_ADMIN_BUTTONS = (("Reindex the articles", names.REINDEX), ("Kept indexes", names.HISTORY))


@dataclass(frozen=True, slots=True)
class Topic:
    """The articles of one topic."""

    name: str
    articles: tuple[ArticleLink, ...]


@dataclass(frozen=True, slots=True)
class AdminPanel:
    """How the bot is, for admins.

    Attributes:
        generation: The name of the index that answers.
        built: When it was built.
        articles: How many articles it holds.
        passages: How many passages.
        waiting: Questions waiting for an answer now.
        asked_today: Questions since midnight UTC; None where they are not counted.
        unanswered_today: Those of them that the articles did not answer.
        week: This week's figures, in a line; empty where there are none.
        gaps: What people could not find, the most asked first, a line each.
    """

    generation: str
    built: datetime
    articles: int
    passages: int
    waiting: int = 0
    asked_today: int | None = None
    unanswered_today: int = 0
    week: str = ""
    gaps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Home:
    """What the Home tab shows.

    Attributes:
        topics: What the bot knows.
        ladder: A question a step, lowest first, with what to write on its button.
        examples: Questions to begin with.
        admin: For admins.
    """

    topics: tuple[Topic, ...] = ()
    ladder: tuple[tuple[str, str], ...] = ()
    examples: tuple[str, ...] = ()
    admin: AdminPanel | None = field(default=None)


def home_view(home: Home) -> View:
    """Return the Home tab."""
    view = _with_articles(home, _ALL_ARTICLES[0])
    for most in _ALL_ARTICLES[1:]:
        if size(view.to_dict()) <= VIEW_BYTES:
            break
        view = _with_articles(home, most)
    return view


def _with_articles(home: Home, most: int) -> View:
    blocks = [*_opening(home), *_ladder(home), *_knowledge(home.topics, most)]
    if home.admin:
        blocks += [DividerBlock(), *_panel(home.admin)]
    return View(type="home", blocks=blocks[:VIEW_BLOCKS])


def _opening(home: Home) -> list[Block]:
    count = sum(len(topic.articles) for topic in home.topics)
    from_where = f"{count} articles" if count > 1 else "articles"
    text = section(
        [
            Words("Ask about product careers", "bold"),
            Words(
                f"\nI answer with sentences quoted from {from_where} and name each one. What they "
                "do not hold, I do not answer."
            ),
        ]
    )
    ways = bullets(
        [
            [Words("Write to me in the Messages tab, or mention me in a channel.")],
            [Words(names.COMMAND, "bold"), Words(" and a question: only you see the answer.")],
            [Words("Answer with PM Role", "bold"), Words(", in the menu of any message.")],
        ]
    )
    blocks: list[Block] = [rich_text([text, ways])]
    asked = distinct(home.examples, _QUESTION)[:_EXAMPLES]
    if asked:
        blocks.append(question_row(asked, names.ask))
    compare = button("Compare titles…", names.HOME_COMPARE, "home")
    return [*blocks, ActionsBlock(elements=[compare])]


def _ladder(home: Home) -> list[Block]:
    steps = [
        (one_line(face, BUTTON_TEXT), one_line(asked, _QUESTION)) for asked, face in home.ladder
    ]
    usable = [(title_case(face), asked) for face, asked in steps if face and asked][:ACTIONS]
    if not usable:
        return []
    row = question_row(
        [asked for _, asked in usable],
        names.ask,
        faces=[face for face, _ in usable],
        first=_EXAMPLES,
    )
    return [DividerBlock(), paragraph([Words("The usual ladder", "bold")]), row]


def _knowledge(topics: Sequence[Topic], most: int) -> list[Block]:
    blocks: list[Block] = []
    left = most
    for topic in [one for one in topics if one.articles][:_TOPICS]:
        shown = topic.articles[: min(_ARTICLES, left)]
        if not shown:
            break
        left -= len(shown)
        lines = [article_words(one) for one in shown]
        more = len(topic.articles) - len(shown)
        lines += [[Words(f"and {more} more", "italic")]] if more else []
        name = title_case(one_line(topic.name, 100)) or "Articles"
        blocks.append(rich_text([section([Words(name, "bold")]), bullets(lines)]))
    if not blocks:
        return []
    return [DividerBlock(), paragraph([Words("What I know", "bold")]), *blocks]


def _panel(admin: AdminPanel) -> list[Block]:
    built = admin.built.astimezone(UTC)
    day = f"{readable(built.date())} at {built:%H:%M} UTC"
    figures = [
        f"Index {one_line(admin.generation, 80)}, built {day}",
        f"{admin.articles:,} articles, {admin.passages:,} passages",
        f"{admin.waiting:,} questions waiting now",
    ]
    if admin.asked_today is not None:
        unanswered = f"{admin.unanswered_today:,} without an answer"
        figures.append(f"{admin.asked_today:,} questions today, {unanswered}")
    if admin.week:
        figures.append(f"Week of {one_line(admin.week, 300)}")
    text = [section([Words("For admins", "bold")]), bullets([Words(one)] for one in figures)]
    if admin.gaps:
        gaps = [[Words(one_line(one, 300) or "…")] for one in admin.gaps[:_GAPS]]
        text += [section([Words("What people could not find", "bold")]), bullets(gaps)]
    row = [button(face, action_id, "home") for face, action_id in _ADMIN_BUTTONS]
    return [rich_text(text), ActionsBlock(elements=row)]
