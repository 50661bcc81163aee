"""The questions that most people have, each with the query that answers it: `frontmart describe` without a name."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from frontmart.catalog.features import Feature
from frontmart.dictionary.summaries import Summarized


@dataclass(frozen=True, slots=True)
class Question:
    """A question and its query.

    Attributes:
        text: the question.
        query: the query; words in capitals stand for what the user fills in.
        table: the full name of the view or macro that it reads.
        needs: the feature without which it has no answer; None if it needs none.
    """

    text: str
    query: str
    table: str
    needs: Feature | None = None


QUESTIONS: Final = (
    Question("Which articles are there?", "from articles", "main.articles"),
    Question("Which topics are covered, and how much?", "from topics", "main.topics", Feature.TOPICS),
    Question("Who publishes, and how much?", "from providers", "main.providers", Feature.PROVIDER),
    Question("Who writes, and how much?", "from authors", "main.authors", Feature.AUTHORS),
    Question("What happened, and how many reported it?", "from events", "main.events"),
    Question("Which articles have these words?", "from search('WORDS')", "main.search"),
    Question("What was published since a day?", "from since('DAY')", "main.since"),
    Question("What was published on a topic?", "from articles_about('TOPIC')", "main.articles_about", Feature.TOPICS),
    Question("What did a provider publish?", "from provider('NAME')", "main.provider", Feature.PROVIDER),
    Question("Who was first with a story?", "from event('WORDS OF A TITLE')", "main.event"),
    Question("How did a topic develop?", "from coverage('TOPIC', grain := 'month')", "main.coverage", Feature.TOPICS),
    Question("Which topics rise, and which fall?", "from growth(days := 28)", "main.growth", Feature.TOPICS),
    Question("Which topics go together?", "from related_topics('TOPIC')", "main.related_topics", Feature.TOPICS),
    Question(
        "What changed between two periods?", "from compare('DAY', 'DAY', 'DAY', 'DAY')", "main.compare", Feature.TOPICS
    ),
)


def answerable(tables: Sequence[Summarized], features: Collection[Feature]) -> Iterator[tuple[Question, Summarized]]:
    """The questions that a corpus with these features answers, each with its view or macro."""
    by_name = {table.full_name: table for table in tables}
    for question in QUESTIONS:
        if question.needs is None or question.needs in features:
            yield question, by_name[question.table]
