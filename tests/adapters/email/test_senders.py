"""Who a mail is from: machines are not answered, and staff are believed when their server vouches."""

from __future__ import annotations

import pytest

from adapters.email.reading.authentication import is_verified
from tests.adapters.email.mails import describe, make_mail

OWN = "mx.test; "


@pytest.mark.parametrize(
    ("headers", "sign"),
    [
        ({}, ""),
        ({"Auto_Submitted": "no"}, ""),
        ({"Precedence": "normal"}, ""),
        ({"Return_Path": "<mina@startup.test>"}, ""),
        ({"Auto_Submitted": "auto-replied"}, "auto"),
        ({"Auto_Submitted": "auto-generated; owner-email=x"}, "auto"),
        ({"X_Auto_Response_Suppress": "DR, AutoReply"}, "auto"),
        ({"X_Autoreply": "yes"}, "auto"),
        ({"Precedence": "bulk"}, "bulk"),
        ({"List_Unsubscribe": "<https://x.test>"}, "list"),
        ({"Return_Path": "<>"}, "bounce"),
        ({"From": "MAILER-DAEMON@x.test"}, "machine"),
        ({"From": "Shop <no-reply@x.test>"}, "machine"),
        ({"From": "donotreply@x.test"}, "machine"),
        ({"From": "noreply-orders@x.test"}, "machine"),
        ({"From": "Naru@Provider.test"}, "own"),
        ({"From": "nobody"}, ""),
        ({"From": f"{'a' * 68}@x.test"}, "no sender"),  # no room for "email:" before it
    ],
)
def test_signs_of_machines(headers: dict[str, str], sign: str) -> None:
    assert describe(make_mail(**headers))["automatic"] == sign


@pytest.mark.parametrize(
    ("results", "verified"),
    [
        ([], False),
        ([OWN + "dmarc=pass (p=REJECT) header.from=hanoi.test; spf=fail"], True),
        (
            [
                OWN
                + "spf=pass smtp.mailfrom=kim@hanoi.test; dkim=none; dmarc=pass header.from=hanoi.test"
            ],
            True,
        ),
        ([OWN + "dmarc=fail header.from=hanoi.test; spf=pass smtp.mailfrom=hanoi.test"], False),
        ([OWN + "dmarc=pass header.from=evil.test"], False),
        ([OWN + "spf=pass smtp.mailfrom=kim@hanoi.test"], True),
        ([OWN + "spf=pass smtp.mailfrom=kim@evil.test"], False),
        ([OWN + "dkim=pass header.d=hanoi.test"], True),
        ([OWN + "dkim=pass header.i=@evil.test"], False),
        (["mx.test 1; dmarc=pass header.from=hanoi.test"], True),
        (["mx.other.test; dmarc=pass header.from=hanoi.test"], False),
        ([OWN + "none", OWN + "dmarc=pass header.from=hanoi.test"], False),
        (["mx.other.test; spf=none", OWN + "dmarc=pass header.from=hanoi.test"], True),
        ([OWN + "spf=fail (x; dmarc=pass header.from=hanoi.test)"], False),
    ],
)
def test_only_the_first_result_of_the_own_server_counts(results: list[str], verified: bool) -> None:
    assert is_verified(results, "mx.test", "hanoi.test") == verified


def test_without_a_server_to_believe_no_one_is_verified() -> None:
    assert not is_verified(["; dmarc=pass header.from=hanoi.test"], "", "hanoi.test")


def test_two_senders_are_not_verified() -> None:
    results = OWN + "dmarc=pass header.from=hanoi.test"
    mail = make_mail(From="kim@hanoi.test, x@evil.test", Authentication_Results=results)
    assert not describe(mail)["verified"]
    mail = make_mail(From="kim@hanoi.test", Authentication_Results=results)
    assert describe(mail)["verified"]


def test_a_result_of_nested_comments_is_not_believed_and_costs_nothing() -> None:
    nested = "mx.test; spf=pass smtp.mailfrom=startup.test " + "(" * 50_000 + ")" * 50_000
    assert not is_verified([nested], "mx.test", "startup.test")
