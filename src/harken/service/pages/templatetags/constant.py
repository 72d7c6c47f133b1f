"""``{% url 'name' %}`` worked out once for a process, where nothing in it varies.

Every page has a dozen of them, and they were a quarter of the work of showing it. With
arguments, or with ``as``, the framework's own tag is used.
"""

from __future__ import annotations

from functools import cache

from django.template import Library, Node
from django.template.base import Parser, Token
from django.template.context import Context
from django.template.defaulttags import url as framework_url
from django.urls import get_urlconf, reverse

register = Library()


class Address(Node):
    """The address of a view that takes no arguments."""

    def __init__(self, name: str) -> None:
        self.name = name

    def render(self, context: Context) -> str:
        """The address, looked up once for each set of addresses."""
        return _address(self.name, get_urlconf())


@register.tag
def url(parser: Parser, token: Token) -> Node:
    """As the framework's, but constant where nothing varies."""
    node = framework_url(parser, token)
    if not (node.args or node.kwargs or node.asvar):
        name = node.view_name
        if isinstance(name.var, str) and not name.filters:
            return Address(name.var)
    return node


@cache
def _address(name: str, urlconf: str | None) -> str:
    return reverse(name, urlconf=urlconf)
