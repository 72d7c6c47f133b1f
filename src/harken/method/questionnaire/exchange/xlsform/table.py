"""The table that functions enter themselves in, and what several of them need."""

from __future__ import annotations

from collections.abc import Callable

from harken.method.questionnaire.exchange.say import CannotSay, Piece
from harken.method.questionnaire.exchange.xlsform.translate import Translator
from harken.method.questionnaire.exchange.xlsform.xpath import Node

Arguments = tuple[Node, ...]
Handler = Callable[[Translator, Arguments], Piece]
Handlers = dict[str, Handler]


class Entering:
    """Enters handlers in a table under their names, with how many arguments they take."""

    def __init__(self, table: Handlers) -> None:
        self.table = table

    def __call__(
        self, *names: str, least: int = 0, most: int = 1000
    ) -> Callable[[Handler], Handler]:
        def enter(handler: Handler) -> Handler:
            def checked(reader: Translator, arguments: Arguments) -> Piece:
                if not least <= len(arguments) <= most:
                    raise CannotSay(f"{names[0]}() with {len(arguments)} arguments")
                return handler(reader, arguments)

            for name in names:
                self.table[name] = checked
            return handler

        return enter
