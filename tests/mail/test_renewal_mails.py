from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from uuid import UUID, uuid4

import pytest

from graphql_api.mail.message import message_of
from graphql_api.mail.renewals import renewal_mail
from graphql_api.models import rows
from graphql_api.models.actor import Locale
from graphql_api.models.money import Money
from graphql_api.models.outbox_mail import MailKind, MailStatus
from graphql_api.models.renewal_facts import RenewalFacts
from graphql_api.models.renewal_notice import RenewalNoticeKind
from graphql_api.models.renewal_ownership import RenewalOwner
from graphql_api.models.renewal_routing import Recipient, RecipientRole, Routing
from tests.mail import examples

NASTY = "Eve\r\nBcc: eve@evil.example\r\n\r\n<script>alert('x')</script> & \"co\" %(x)s {{ 7*7 }}"
ANA = Recipient("Ana", "ana@acme.example", (RecipientRole.PRIMARY, RecipientRole.DECISION_MAKER))
BOB = Recipient("Bob", "bob@acme.example", (RecipientRole.BILLING,))
PAT = Recipient("Pat", "pat@partner.example", (RecipientRole.POINT_OF_CONTACT,))
TO_CLIENT, TO_PARTNER = Routing(to=(ANA, BOB), cc=(PAT,)), Routing(to=(PAT,), suppressed=(ANA, BOB))
NOTICE, REMINDER = RenewalNoticeKind.NOTICE, RenewalNoticeKind.REMINDER


def euros(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


CURRENT, RENEWAL = euros("1250.5000"), euros("1400.0000")


def facts(
    days: int = 60,
    current: Money | None = CURRENT,
    renewal: Money | None = RENEWAL,
    name: str = "Acme",
    partner: str = "Ümlaut & Söhne",
) -> RenewalFacts:
    renews_on = examples.NOW.date() + timedelta(days=days)
    deadline, products = renews_on - timedelta(days=45), (f"{name} Sales Hub", "Content Hub")
    return RenewalFacts(name, partner, products, renews_on, deadline, days, current, renewal)


def mail_of(
    routing: Routing = TO_CLIENT, stated: RenewalFacts | None = None, kind: RenewalNoticeKind = NOTICE
) -> rows.OutboxMail:
    """The mail to those people: the partner owns the renewal if no client's contact is among them."""
    acts = all(one.roles == PAT.roles for one in routing.to)
    owner = RenewalOwner.PARTNER if acts else RenewalOwner.HUBSPOT
    notice = rows.RenewalNotice(id=uuid4(), partner_id=examples.PARTNER_ID, kind=kind, owner=owner)
    return renewal_mail(notice, routing, stated or facts(), examples.NOW)


def translated(routing: Routing, locale: Locale = Locale.ES) -> Routing:
    first = Recipient(routing.to[0].name, routing.to[0].email, routing.to[0].roles, locale)
    return Routing(to=(first, *routing.to[1:]), cc=routing.cc)


@pytest.mark.rule("A7", "A10", "A19", "C10")
@pytest.mark.parametrize(
    ("kind", "mail_kind"), [(NOTICE, MailKind.RENEWAL_NOTICE), (REMINDER, MailKind.RENEWAL_REMINDER)]
)
def test_one_mail_is_addressed_to_the_contacts_and_copied_to_the_point_of_contact(
    kind: RenewalNoticeKind, mail_kind: MailKind
) -> None:
    mail = mail_of(kind=kind)
    assert mail.kind is mail_kind
    assert (mail.status, mail.created_at, mail.next_attempt_at) == (
        MailStatus.QUEUED, examples.NOW, examples.NOW
    )  # fmt: skip
    assert mail.remaining == [ANA.email, BOB.email, PAT.email]
    message = message_of(mail, examples.MAIL_FROM)
    assert [address.addr_spec for address in message["To"].addresses] == [ANA.email, BOB.email]
    assert message["Cc"] == "Pat <pat@partner.example>"
    assert mail.text.startswith("Hello Ana, Bob,\n")


def test_a_mail_is_about_its_notice() -> None:
    key = UUID(int=7)
    notice = rows.RenewalNotice(
        id=key, partner_id=examples.PARTNER_ID, kind=NOTICE, owner=RenewalOwner.HUBSPOT
    )
    mail = renewal_mail(notice, TO_CLIENT, facts(), examples.NOW)
    assert (mail.subject_id, mail.partner_id) == (notice.node_id, examples.PARTNER_ID)


@pytest.mark.rule("A2", "A13")
def test_a_client_reads_that_it_renews_until_when_to_decide_and_whom_to_ask() -> None:
    mail = mail_of()
    assert mail.subject == "Your HubSpot subscription for Acme renews on January 20, 2027"
    assert "You can decide about it until December 6, 2026 (in 15 days)." in mail.text
    assert "Your contact at Ümlaut & Söhne is Pat <pat@partner.example>, who receives a copy" in mail.text
    assert "Pat &lt;pat@partner.example&gt;" in mail.html
    assert "lease act" not in mail.text + mail.html


@pytest.mark.rule("C8")
def test_where_nobody_is_copied_no_contact_is_named() -> None:
    mail = mail_of(Routing(to=(ANA,)))
    assert [one["field"] for one in mail.recipients] == ["to"]
    assert "Your contact at" not in mail.text + mail.html
    assert "point of contact" not in mail.text + mail.html


@pytest.mark.rule("A8", "A10", "A16")
def test_the_point_of_contact_is_asked_to_act_and_no_client_s_contact_is_addressed() -> None:
    mail = mail_of(TO_PARTNER)
    assert mail.recipients == [{"name": "Pat", "email": PAT.email, "field": "to"}]
    assert mail.subject == "Please act: the HubSpot subscription of Acme renews on January 20, 2027"
    for words in (
        "of your client Acme renews on January 20, 2027",
        "Please talk to Acme about this renewal. HubSpot does not write to the client about it.",
        "The client can decide about it until December 6, 2026 (in 15 days).",
    ):
        assert words in mail.text
        assert words in mail.html


@pytest.mark.rule("A19")
def test_a_reminder_says_first_of_all_how_many_days_are_left() -> None:
    for routing in (TO_CLIENT, TO_PARTNER):
        notice, reminder = mail_of(routing), mail_of(routing, kind=REMINDER)
        assert reminder.subject.startswith("Reminder")
        assert "renews in 60 days" in reminder.subject
        first = reminder.text.split("\n\n")[1]
        assert first.startswith("A reminder: ")
        assert "renews in 60 days, on January 20, 2027." in first
        assert notice.text.split("\n\n")[2:] == reminder.text.split("\n\n")[2:]
        assert first.split(",")[0] in reminder.html


@pytest.mark.parametrize("routing", [TO_CLIENT, TO_PARTNER])
def test_a_mail_states_the_renewal_s_facts_in_text_and_html(routing: Routing) -> None:
    mail = mail_of(routing)
    assert "\nProducts:\n* Acme Sales Hub\n* Content Hub\nRenewal date: " in mail.text
    assert '<dd style="margin:0">Acme Sales Hub</dd>' in mail.html
    for label, value in (
        ("Renewal date", "January 20, 2027 (in 60 days)"),
        ("Deadline to decide", "December 6, 2026 (in 15 days)"),
        ("Monthly amount now", "€1,250.50"),
        ("Monthly amount from the renewal on", "€1,400.00"),
        ("Change of the monthly amount", "+€149.50"),
    ):
        assert f"\n{label}: {value}\n" in mail.text
        assert f">{label}</dt>" in mail.html
        assert f">{value}</dd>" in mail.html


@pytest.mark.rule("C12")
@pytest.mark.parametrize(
    ("days", "says"),
    [
        (46, "until November 22, 2026 (in 1 day)."),
        (45, "until November 21, 2026 (today)."),
        (44, "The deadline to decide about it was November 20, 2026 and has passed."),
    ],
)
def test_a_mail_says_whether_there_is_time_to_decide(days: int, says: str) -> None:
    for routing in (TO_CLIENT, TO_PARTNER):
        mail = mail_of(routing, facts(days))
        assert says in mail.text
        assert says in mail.html
        assert ("2026 (passed)" in mail.text) is (days < 45)


def test_a_renewal_of_today_and_of_far_ahead_count_in_days() -> None:
    assert mail_of(stated=facts(0), kind=REMINDER).subject.endswith("renews today")
    assert mail_of(stated=facts(1), kind=REMINDER).subject.endswith("renews in 1 day")
    assert mail_of(stated=facts(800), kind=REMINDER).subject.endswith("renews in 800 days")


@pytest.mark.parametrize(
    ("renewal", "says"), [("1000", "-€250.50"), ("1250.5", "no change"), ("1250.5025", "+€0.0025")]
)
def test_the_change_is_exact_and_has_a_sign(renewal: str, says: str) -> None:
    assert f"Change of the monthly amount: {says}\n" in mail_of(stated=facts(renewal=euros(renewal))).text


def test_what_is_not_known_of_the_amounts_is_left_out() -> None:
    neither, later = mail_of(stated=facts(current=None, renewal=None)), mail_of(stated=facts(current=None))
    assert "onthly amount" not in neither.text + neither.html
    assert "Monthly amount from the renewal on: €1,400.00" in later.text
    assert "Monthly amount now" not in later.text + later.html
    assert "Change of" not in later.text + later.html


@pytest.mark.parametrize(
    ("to", "roles"),
    [
        ((ANA,), "primary contact and decision maker"),
        ((BOB,), "billing contact"),
        ((BOB, Recipient("Ben", "ben@acme.example", BOB.roles)), "billing contact"),
        ((ANA, BOB), "primary contact, billing contact, or decision maker"),
    ],
)
def test_a_mail_to_a_client_says_as_what_its_people_receive_it(to: tuple[Recipient, ...], roles: str) -> None:
    mail = mail_of(Routing(to=to, cc=(PAT,)))
    says = f"because Acme names you as {roles}. Pat receives it as the point of contact of"
    assert says in mail.text
    assert says in mail.html


def test_a_contact_who_is_the_point_of_contact_too_reads_both_reasons() -> None:
    both = Recipient("Ana", ANA.email, (RecipientRole.PRIMARY, RecipientRole.POINT_OF_CONTACT))
    mail = mail_of(Routing(to=(both,)))
    assert "names you as primary contact. Ana receives it as the point of contact of" in mail.text
    assert "Your contact at" not in mail.text


@pytest.mark.rule("C9")
def test_a_mail_to_the_partner_says_why_whoever_stands_in() -> None:
    admins = Routing(to=(PAT, Recipient("Ada", "ada@partner.example", PAT.roles)))
    for mail in (mail_of(TO_PARTNER), mail_of(admins)):
        says = "you are the point of contact of Ümlaut & Söhne for this client, or stand in where none is active."
        assert says in mail.text
        assert "names you as" not in mail.text


@pytest.mark.rule("D11")
def test_the_first_addressee_s_language_is_the_mail_s() -> None:
    mail = mail_of(translated(TO_CLIENT), kind=REMINDER)
    assert (mail.locale, mail_of(Routing(to=translated(TO_CLIENT).to[::-1])).locale) == (Locale.ES, Locale.EN)
    assert mail.subject == "Recordatorio: tu suscripción de HubSpot para Acme se renueva dentro de 60 días"
    assert '<html lang="es">' in mail.html
    for words in (
        "se renueva dentro de 60 días, el 20 de enero de 2027.",
        "Importe mensual actual: 1.250,50\N{NO-BREAK SPACE}€",
        "Variación del importe mensual: +149,50\N{NO-BREAK SPACE}€",
        "Tu contacto en Ümlaut & Söhne es Pat",
        "como contacto principal, contacto de facturación o responsable de la decisión.",
    ):
        assert words in mail.text


@pytest.mark.rule("D11")
def test_a_point_of_contact_reads_spanish_throughout() -> None:
    mail = mail_of(translated(TO_PARTNER), facts(44, current=euros("5"), renewal=euros("5")))
    assert mail.subject.startswith("Acción necesaria: la suscripción de HubSpot de Acme se renueva el 4 de")
    assert "Habla con Acme sobre esta renovación." in mail.text
    assert "20 de noviembre de 2026 (plazo vencido)" in mail.text
    assert "Variación del importe mensual: sin cambios" in mail.text
    assert not {"the", "you", "renews", "Hello", "passed"} & set(mail.text.split())


@pytest.mark.parametrize("kind", list(RenewalNoticeKind))
@pytest.mark.parametrize("is_partners", [False, True])
def test_names_stay_text_whatever_is_in_them(kind: RenewalNoticeKind, *, is_partners: bool) -> None:
    ana, pat = (Recipient(NASTY, one.email, one.roles) for one in (ANA, PAT))
    routing = Routing(to=(pat,)) if is_partners else Routing(to=(ana, BOB), cc=(pat,))
    mail = mail_of(routing, facts(name=NASTY, partner=NASTY), kind)
    assert not set("\r\n") & set(mail.subject + "".join(one["name"] for one in mail.recipients))
    assert "<script" not in mail.html
    assert "&lt;script&gt;" in mail.html
    assert "{{ 7*7 }}" in mail.text
    assert "%(x)s" in mail.text
    assert "\nBcc:" not in mail.text
    assert message_of(mail, examples.MAIL_FROM)["Bcc"] is None
