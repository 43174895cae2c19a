"""Options over variables over the target's file, and one clear line for whatever is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from contract.kit.config import target_file
from contract.kit.config.settings import Mode, Settings, TargetKind, load
from contract.kit.config.target_file import FOLDER
from contract.kit.config.usage import UsageError
from contract.kit.judge import clauses
from contract.kit.waive import waivers

URL = "http://127.0.0.1:8080"
ACCOUNT = {"CONTRACT_ACCOUNT": "admin", "CONTRACT_PASSWORD": "hidden"}
SESSION = {"CONTRACT_SESSION": "5" * 32, "CONTRACT_JOB_GROUP": "a" * 32, "CONTRACT_TRIGGER": "b" * 32}
KEY = {"CONTRACT_ACCESS_KEY_ID": "id", "CONTRACT_ACCESS_KEY_SECRET": "hidden"}


def at_url(options: dict[str, str | None] | None = None, **environ: str) -> Settings:
    return load({"target": URL, **(options or {})}, {**ACCOUNT, **environ})


def written(folder: Path, content: str) -> str:
    path = folder / "staging.toml"
    path.write_text(content)
    return str(path)


def test_nothing_given_is_the_reference() -> None:
    settings = load({}, {"PATH": "/bin"})
    assert (settings.kind, settings.name, settings.reference) == (TargetKind.REFERENCE, "reference", "")
    assert (settings.depth, settings.read_only, settings.pace, settings.request_timeout) == (
        "gate",
        False,
        None,
        5.0,
    )
    assert settings.reports == Path("reports")
    assert settings.mode is Mode.NONE


def test_a_reference_is_aimed_when_it_listens() -> None:
    settings = load({"target": "reference:zstack-5.2"}, {})
    assert settings.reference == "zstack-5.2"
    aimed = settings.at(URL, "admin", "hidden")
    assert (aimed.url, aimed.mode) == (URL, Mode.ACCOUNT)


@pytest.mark.parametrize(
    ("environ", "mode"),
    [
        (ACCOUNT, Mode.ACCOUNT),
        (SESSION, Mode.SESSION),
        (KEY, Mode.ACCESS_KEY),
        ({**KEY, "CONTRACT_JOB_GROUP": "a", "CONTRACT_TRIGGER": "b"}, Mode.ACCESS_KEY),
    ],
)
def test_modes(environ: dict[str, str], mode: Mode) -> None:
    assert load({"target": URL}, environ).mode is mode


def test_every_option_has_its_variable_and_wins_over_it(tmp_path: Path) -> None:
    bundle = tmp_path / "ca.pem"
    bundle.write_text("")
    table: dict[str, tuple[str, str, object, object]] = {
        "waivers": ("a", "b", "a", "b"),
        "depth": ("smoke", "nightly", "smoke", "nightly"),
        "read_only": ("yes", "0", True, False),
        "pace": ("10", "2.5", 10.0, 2.5),
        "request_timeout": ("1", "7", 1.0, 7.0),
        "insecure": ("true", "no", True, False),
        "reports": ("a", "b", Path("a"), Path("b")),
        "target": (URL, "http://127.0.0.2", URL, "http://127.0.0.2"),
    }
    for name, (option, variable, by_option, by_variable) in table.items():
        environ = {**ACCOUNT, "CONTRACT_TARGET": URL, f"CONTRACT_{name.upper()}": variable}
        attribute = "url" if name == "target" else name
        assert getattr(load({}, environ), attribute) == by_variable
        assert getattr(load({f"--{name.replace('_', '-')}": option}, environ), attribute) == by_option
    assert load({"target": URL, "ca_bundle": str(bundle)}, ACCOUNT).ca_bundle == str(bundle)


def test_a_soak_has_options_of_its_own() -> None:
    settings = at_url({"depth": "soak"})
    assert (settings.minutes, settings.rate, settings.soak_workers) == (5.0, 20.0, 1)
    settings = at_url({"rate": "2.5"}, CONTRACT_DEPTH="soak", CONTRACT_MINUTES="0.5", CONTRACT_SOAK_WORKERS="3")
    assert (settings.minutes, settings.rate, settings.soak_workers) == (0.5, 2.5, 3)
    assert settings.redacted()["soak_workers"] == 3
    assert "minutes" not in at_url().redacted()


def test_the_file_gives_what_nothing_else_gives(tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("")
    path = written(
        tmp_path,
        """
        url = "https://127.0.0.1/"
        pace = 20
        request_timeout = 2.5
        waivers = "zstack-5.2"
        ca_bundle = "ca.pem"
        client_cert = "ca.pem"
        client_key = "ca.pem"
        [may]
        query = false
        [secrets]
        account = "CONTRACT_STAGING_ACCOUNT"
        password = "STAGING_PASSWORD"
        """,
    )
    environ = {"CONTRACT_STAGING_ACCOUNT": "me", "STAGING_PASSWORD": "hidden"}
    settings = load({"target": path, "pace": "5"}, environ)
    assert (settings.kind, settings.name, settings.url) == (TargetKind.FILE, path, "https://127.0.0.1")
    assert (settings.pace, settings.request_timeout, settings.waivers) == (5.0, 2.5, "zstack-5.2")
    assert settings.ca_bundle == settings.client_cert == settings.client_key == str(tmp_path / "ca.pem")
    assert settings.redacted()["client_cert"] == settings.client_cert
    assert (settings.account, settings.password) == ("me", "hidden")
    assert (settings.may.delete, settings.may.query, settings.read_only) == (True, False, False)
    assert load({"target": path}, {**environ, "CONTRACT_ACCOUNT": "other"}).account == "other"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.toml")), ids=lambda path: path.stem)
def test_each_shipped_file_is_one_to_run_with(path: Path) -> None:
    environ = dict.fromkeys(("STAGING_ACCOUNT", "STAGING_PASSWORD") if path.stem == "example" else ACCOUNT, "x")
    settings = load({"target": path.stem}, environ)
    assert (settings.kind, settings.mode) == (TargetKind.FILE, Mode.ACCOUNT)
    if settings.waivers is not None:
        assert waivers.load(settings.waivers, clauses.load())


@pytest.mark.parametrize("forbidden", ["write", "delete"])
def test_a_file_that_forbids_writing_or_removing_is_read_only(tmp_path: Path, forbidden: str) -> None:
    path = written(tmp_path, f'url = "{URL}"\n[may]\n{forbidden} = false\n')
    assert load({"target": path}, ACCOUNT).read_only


def test_the_example_file_is_valid() -> None:
    settings = load({"target": "example"}, {"STAGING_ACCOUNT": "a", "STAGING_PASSWORD": "b"})
    assert settings.mode is Mode.ACCOUNT


@pytest.mark.parametrize(
    ("options", "environ", "said"),
    [
        ({"target": "127.0.0.1:8080"}, ACCOUNT, "did you mean http://127.0.0.1:8080"),
        ({"target": "exampel"}, ACCOUNT, "did you mean example"),
        ({"target": "refrence"}, ACCOUNT, "did you mean reference"),
        ({"target": "ftp://127.0.0.1"}, ACCOUNT, "http://HOST"),
        ({"target": "http://"}, ACCOUNT, "http://HOST"),
        ({"target": "http://127.0.0.1:99999"}, ACCOUNT, "not a URL"),
        ({"target": "http://me:x@127.0.0.1"}, ACCOUNT, "environment only"),
        ({"target": f"{URL}/?a=b"}, ACCOUNT, "more than"),
        ({"target": f"{URL}/zstack/"}, ACCOUNT, "leave it out"),
        ({"target": ""}, {}, "--target is empty"),
        ({}, {"CONTRACT_TARGET": ""}, "CONTRACT_TARGET is empty"),
        ({}, ACCOUNT, "CONTRACT_ACCOUNT is set but no target"),
        ({}, SESSION, "CONTRACT_SESSION is set but no target"),
        ({}, {"CONTRACT_TARGT": URL}, "did you mean CONTRACT_TARGET"),
        ({}, {"CONTRACT_SOMETHING_ELSE_AGAIN": "1"}, "unset it"),
        ({"target": URL, "minutes": "3"}, ACCOUNT, "--minutes is for a soak; give --depth soak"),
        ({"target": URL, "depth": "soak", "soak_workers": "0.5"}, ACCOUNT, "a whole number of processes, not 0.5"),
        ({"target": URL}, {}, "needs credentials"),
        ({"target": URL}, {"CONTRACT_ACCOUNT": "a"}, "CONTRACT_PASSWORD is not"),
        ({"target": URL}, {"CONTRACT_PASSWORD": "a"}, "CONTRACT_ACCOUNT is not"),
        ({"target": URL}, {"CONTRACT_ACCOUNT": "a", "CONTRACT_PASSWORD": ""}, "CONTRACT_PASSWORD is not"),
        ({"target": URL}, {"CONTRACT_SESSION": "a"}, "needs a pair"),
        ({"target": URL}, {"CONTRACT_SESSION": "a", "CONTRACT_TRIGGER": "b"}, "CONTRACT_JOB_GROUP is not"),
        ({"target": URL}, {"CONTRACT_ACCESS_KEY_ID": "a"}, "CONTRACT_ACCESS_KEY_SECRET is not"),
        ({"target": URL}, {**ACCOUNT, **SESSION}, "both set"),
        ({"target": URL}, {**SESSION, **KEY}, "both set"),
        ({"target": URL}, {**ACCOUNT, "CONTRACT_JOB_GROUP": "a", "CONTRACT_TRIGGER": "b"}, "unset them"),
        ({"target": URL, "pace": "0"}, ACCOUNT, "--pace is a number above 0"),
        ({"target": URL, "pace": "nan"}, ACCOUNT, "--pace is a number above 0"),
        ({"target": URL, "connections": "1.5"}, ACCOUNT, "--connections is a whole number from 1 to 16, not 1.5"),
        ({"target": URL, "connections": "17"}, ACCOUNT, "--connections is a whole number from 1 to 16, not 17"),
        ({"target": URL}, {**ACCOUNT, "CONTRACT_PACE": "fast"}, "CONTRACT_PACE is a number above 0"),
        ({"target": URL, "request-timeout": "-1"}, ACCOUNT, "--request-timeout is a number"),
        ({"target": URL}, {**ACCOUNT, "CONTRACT_READ_ONLY": "maybe"}, "CONTRACT_READ_ONLY is 1, 0"),
        ({"target": URL, "depth": "nightli"}, ACCOUNT, "did you mean nightly"),
        ({"target": URL, "ca_bundle": "/nowhere.pem"}, ACCOUNT, "is not a file"),
        ({"target": URL, "ca_bundle": __file__, "insecure": "1"}, ACCOUNT, "contradict"),
        ({"target": URL, "client_cert": "/nowhere.pem"}, ACCOUNT, "client certificate /nowhere.pem is not a file"),
        (
            {"target": URL, "client_cert": __file__, "client_key": "/no.key"},
            ACCOUNT,
            "client key /no.key is not a file",
        ),
        ({"target": URL, "client_key": __file__}, ACCOUNT, "give --client-cert too"),
        ({"target": URL, "reports": __file__}, ACCOUNT, "is not a folder"),
    ],
)
def test_mistakes(options: dict[str, str | None], environ: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError) as raised:
        load(options, environ)
    text = str(raised.value)
    assert said in text
    assert "\n" not in text
    assert "hidden" not in text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "url is missing"),
        ("url = 7", "url must be a text"),
        ("url = ", "cannot be read"),
        (f'url = "{URL}"\npace = true', "pace must be a number above 0"),
        (f'url = "{URL}"\npace = -1', "pace must be a number above 0"),
        (f'url = "{URL}"\ninsecure = 1', "insecure must be true or false, not 1"),
        (f'url = "{URL}"\npase = 1', "the key pase is unknown; did you mean pace"),
        (f'url = "{URL}"\nmay = 1', "may must be a table, not 1"),
        (f'url = "{URL}"\n[may]\nwirte = true', "may.wirte is unknown; did you mean write"),
        (
            f'url = "{URL}"\n[secrets]\npassword = "hidden-word!"',
            "secrets.password must be the name of an environment variable",
        ),
        (f'url = "{URL}"\n[secrets]\npasword = "X"', "secrets.pasword is unknown; did you mean password"),
        (f'url = "{URL}"\n[secrets]\npassword = 4711', "secrets.password must be the name"),
        (f'url = "{URL}"\npace = inf', "pace must be a number above 0"),
        ('url = "ftp://x"', "url 'ftp://x' does not begin"),
        (f'url = "{URL}"\n[may]\nlogin = false', "may.login is false"),
        (f'url = "{URL}"\n[secrets]\naccount = "MINE"\n', "MINE"),
    ],
)
def test_mistakes_in_a_file_name_file_and_key(tmp_path: Path, content: str, said: str) -> None:
    environ = {} if "MINE" in content else ACCOUNT
    with pytest.raises(UsageError) as raised:
        load({"target": written(tmp_path, content)}, environ)
    text = str(raised.value)
    assert said in text
    assert "hidden" not in text
    assert "4711" not in text
    assert "\n" not in text
    if "MINE" not in content:
        assert "staging.toml" in text


def test_a_byte_order_mark_before_a_file_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "staging.toml"
    path.write_bytes(b"\xef\xbb\xbf" + f'url = "{URL}"'.encode())
    assert load({"target": str(path)}, ACCOUNT).url == URL


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("SESSION", "hidden\n", "CONTRACT_SESSION begins or ends with white space or a line end"),
        ("SESSION", " hidden", "CONTRACT_SESSION begins or ends"),
        ("SESSION", "hid\r\nden: hidden", "CONTRACT_SESSION holds a line end or another control character"),
        ("SESSION", "hid\0den", "CONTRACT_SESSION holds a line end or another control character"),
        ("SESSION", "hidden\udcff", "CONTRACT_SESSION holds bytes that are not UTF-8"),
        ("SESSION", "hidden\u00e9", "CONTRACT_SESSION holds characters that cannot stand in a header"),
        ("TRIGGER", "hidden hidden", "CONTRACT_TRIGGER holds characters that cannot stand in a header or a path"),
    ],
)
def test_a_secret_that_cannot_be_sent_names_its_variable_and_is_not_shown(name: str, value: str, said: str) -> None:
    with pytest.raises(UsageError) as raised:
        load({"target": URL}, {**SESSION, f"CONTRACT_{name}": value})
    assert said in str(raised.value)
    assert "hid" not in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("name", ["ACCESS_KEY_ID", "ACCESS_KEY_SECRET"])
def test_an_access_key_that_cannot_be_sent_is_not_shown(name: str) -> None:
    with pytest.raises(UsageError, match=f"CONTRACT_{name} holds") as raised:
        load({"target": URL}, {**KEY, f"CONTRACT_{name}": "hid\nden"})
    assert "hid" not in str(raised.value)


def test_a_password_may_hold_any_character_that_people_type() -> None:
    assert (
        load({"target": URL}, {**ACCOUNT, "CONTRACT_PASSWORD": "p\u00e4ss w\u4e2drd"}).password == "p\u00e4ss w\u4e2drd"
    )
    with pytest.raises(UsageError, match="CONTRACT_PASSWORD begins or ends"):
        load({"target": URL}, {**ACCOUNT, "CONTRACT_PASSWORD": "hidden "})


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("http://bücher.example:8080/base/", "http://xn--bcher-kva.example:8080/base"),
        ("https://例え.テスト", "https://xn--r8jz45g.xn--zckzah"),
        ("http://127.0.0.1:1", "http://127.0.0.1:1"),
    ],
)
def test_a_host_that_is_not_ascii_is_looked_up_as_idna_has_it(given: str, url: str) -> None:
    assert load({"target": given}, ACCOUNT).url == url


def test_a_host_that_is_no_name_is_told() -> None:
    with pytest.raises(UsageError, match="has a host that is not a name"):
        load({"target": f"http://{'ü' * 80}.example"}, ACCOUNT)


def test_what_a_mistake_quotes_does_not_act_on_a_terminal() -> None:
    told = str(UsageError("the target says \x1b[2J\r\n\u202egone, naïve café"))
    assert told == "the target says \\x1b[2J\\r\\n\\u202egone, naïve café"


def test_clauses_are_words_between_commas() -> None:
    assert load({"clause": "ERR-004, auth,"}, {}).clause == ("ERR-004", "auth")
    assert load({}, {"CONTRACT_CLAUSE": "ENV"}).clause == ("ENV",)
    assert load({}, {}).clause == ()


def test_nothing_shown_holds_a_secret() -> None:
    for environ in (ACCOUNT, {**SESSION, "CONTRACT_SESSION": "hidden"}, KEY):
        settings = load({"target": URL}, environ)
        assert "hidden" not in repr(settings) + repr(settings.redacted())
    assert at_url().redacted()["password"] == "$CONTRACT_PASSWORD"
    assert at_url().redacted()["session"] is None


def test_a_target_is_found_by_name_and_path() -> None:
    assert target_file.find("example") == target_file.find(str(target_file.FOLDER / "example.toml"))


@pytest.mark.parametrize(("connections", "at_once"), [(None, 1), (8, 8)])
def test_requests_for_one_lent_pair_are_under_way_together_only_where_that_is_asked_for(
    connections: int | None, at_once: int
) -> None:
    given = Settings(TargetKind.URL, "x", session="s", job_group="a" * 32, trigger="b" * 32, connections=connections)
    assert given.at_once == at_once
