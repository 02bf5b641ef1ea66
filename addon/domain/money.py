"""Amounts with a currency. Two currencies never add up without a rate."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from addon.domain.errors import DomainError

_SIGNS = {
    "EUR": ("€",),
    "USD": ("US$", "$"),
    "CAD": ("CA$", "C$", "$"),
    "AUD": ("A$", "$"),
    "GBP": ("£",),
    "CHF": ("Fr.", "Fr"),
    "PLN": ("zł",),
    "IDR": ("Rp.", "Rp"),
    "CZK": ("Kč",),
    "SEK": ("kr",),
    "NOK": ("kr",),
    "DKK": ("kr",),
    "JPY": ("¥",),
    "INR": ("₹",),
}
"""What people write for a currency beside its code, the longest first."""


class NotAnAmount(DomainError):
    code = "money.not_an_amount"


class NotACurrency(DomainError):
    code = "money.not_a_currency"


@dataclass(frozen=True, order=False)
class Money:
    """A decimal amount, two digits after the point, in an ISO 4217 currency.

    >>> Money(Decimal("10"), "EUR") + Money(Decimal("2.50"), "EUR")
    Money(amount=Decimal('12.50'), currency='EUR')
    """

    amount: Decimal
    currency: str

    def __post_init__(self) -> None:
        if len(self.currency) != 3 or not self.currency.isalpha() or not self.currency.isupper():
            raise NotACurrency(given=self.currency)
        if not self.amount.is_finite() or abs(self.amount) >= Decimal(10) ** 17:
            raise NotAnAmount(given=str(self.amount))
        object.__setattr__(self, "amount", self.amount.quantize(Decimal("0.01"), ROUND_HALF_UP))

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError("two currencies and no rate")
        return Money(self.amount + other.amount, self.currency)

    def times_percent(self, percent: int) -> Money:
        """The weighted amount.

        >>> Money(Decimal("86400"), "PLN").times_percent(60)
        Money(amount=Decimal('51840.00'), currency='PLN')
        """
        return Money(self.amount * percent / 100, self.currency)


def totals(amounts: Iterable[Money]) -> list[Money]:
    """One sum a currency, the largest first.

    >>> [m.currency for m in totals([Money(Decimal(1), "PLN"), Money(Decimal(5), "EUR"), Money(Decimal(1), "PLN")])]
    ['EUR', 'PLN']
    """
    sums: dict[str, Money] = {}
    for money in amounts:
        known = sums.get(money.currency)
        sums[money.currency] = known + money if known else money
    return sorted(sums.values(), key=lambda money: (-money.amount, money.currency))


def parse(text: str, currency: str = "") -> Decimal:
    """Read an amount as people write it: 86400, 86 400,00, 86,400.00, 1.234,5. Raises NotAnAmount.

    The sign or the code of this currency may stand at either end; another currency is none of the amount's.

    >>> parse("86 400,00"), parse("1,234.50"), parse("86,400")
    (Decimal('86400.00'), Decimal('1234.50'), Decimal('86400'))
    >>> parse("€ 12", "EUR"), parse("PLN 86,400", "PLN"), parse("-5 zł", "PLN")
    (Decimal('12'), Decimal('86400'), Decimal('-5'))
    """
    bare = "".join(text.split()).replace("\u00a0", "").replace("'", "").replace("’", "")
    bare = _without_currency(bare, currency)
    last = max(bare.rfind(","), bare.rfind("."))
    if last >= 0:
        mark, tail = bare[last], bare[last + 1 :]
        whole, other = bare[:last], "," if mark == "." else "."
        single = bare.count(mark) == 1
        if single and (len(tail) != 3 or other in whole):
            bare = whole.replace(other, "") + "." + tail
        elif not (single or all(len(part) == 3 for part in bare.split(mark)[1:])):
            raise NotAnAmount(given=text)
        else:
            bare = bare.replace(mark, "")
    try:
        amount = Decimal(bare)
    except InvalidOperation:
        raise NotAnAmount(given=text) from None
    if not amount.is_finite():
        raise NotAnAmount(given=text)
    return amount


def _without_currency(bare: str, currency: str) -> str:
    minus, rest = ("-", bare[1:]) if bare.startswith("-") else ("", bare)
    folded = rest.casefold()
    for sign in (currency, *_SIGNS.get(currency, ())):
        if sign and folded.startswith(sign.casefold()):
            return minus + rest[len(sign) :]
        if sign and folded.endswith(sign.casefold()):
            return minus + rest[: -len(sign)]
    return bare
