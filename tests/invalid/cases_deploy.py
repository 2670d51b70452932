"""Where releases go, and the addresses of a former site."""

from tests.invalid.invalid_cases import Case, link

LOCAL = "targets:\n  here: {kind: local, path: released}\n"
SSH = "targets:\n  main:\n    kind: ssh\n    host: www.shili.example\n    path: /srv/mingtang\n"
S3 = "targets:\n  store:\n    kind: s3\n    endpoint: https://oss.example\n    bucket: shili\n    site: portal\n"


def deploy(text: str | bytes) -> Case:
    return Case({"sites/deploy.yml": text})


def old(text: str) -> Case:
    return Case({"sites/deploy.yml": LOCAL, "sites/old-addresses.yml": text})


def thesaurus(text: str) -> Case:
    return Case({"sites/thesaurus.yml": text})


CASES: dict[str, Case] = {
    "deploy.yml empty": deploy(""),
    "deploy.yml as a list": deploy("- here\n"),
    "deploy.yml a folder": Case({"sites/deploy.yml": link("units")}),
    "deploy.yml a link that leads nowhere": Case({"sites/deploy.yml": link("none")}),
    "deploy.yml in UTF-16": deploy(LOCAL.encode("utf-16")),
    "no targets": deploy("keep: 3\n"),
    "targets empty": deploy("targets: {}\n"),
    "targets as a list": deploy("targets: [here]\n"),
    "target with a capital": deploy(LOCAL.replace("here", "Here")),
    "target as text": deploy("targets: {here: released}\n"),
    "target without a kind, and with a misspelt key": deploy("targets: {here: {pth: released}}\n"),
    "target of an unknown kind": deploy(LOCAL.replace("local", "ftp")),
    "target without a path": deploy("targets: {here: {kind: local}}\n"),
    "target with an empty path": deploy("targets: {here: {kind: local, path: ''}}\n"),
    "key of another kind": deploy(LOCAL.replace("path: released", "path: released, host: a")),
    "password": deploy(SSH + "    password: geheim\n"),
    "host with a scheme": deploy(SSH.replace("www.", "https://www.")),
    "folder that is not absolute": deploy(SSH.replace("/srv", "srv")),
    "user with an option": deploy(SSH + "    user: -oProxyCommand=x\n"),
    "port as text, and out of range": deploy(SSH + "    port: ssh\nwebserver: {https: 70000}\n"),
    "known hosts without a name": deploy(SSH + "    known_hosts:\n"),
    "sites that are not there, and twice": deploy(SSH + "    sites: [portal, portal, sfj]\n"),
    "sites without any": deploy(SSH + "    sites:\n"),
    "command with a character that cannot be seen": deploy(SSH + '    reload: "sudo\\xa0reload"\n'),
    "object store": deploy(
        S3.replace("https:", "ftp:").replace("shili", "S").replace("portal", "sfj") + "    prefix: 'a b'\n"
    ),
    "many faults": deploy(LOCAL + "keep: 0\ngrace_hour: 3\ndeletion_cap: 200%\nwebserver: {brotli: yes, lisen: a}\n"),
    "old addresses as a mapping": old("from: /a\nto: sfj\n"),
    "old addresses a link that leads nowhere": Case(
        {"sites/deploy.yml": LOCAL, "sites/old-addresses.yml": link("none")}
    ),
    "old address without a target, as text, with a misspelt key": old("- {from: /a}\n- /b\n- {from: /c, ot: sfj}\n"),
    "old addresses that cannot be": old(
        "- {from: a.htm, to: sfj}\n- {from: /a, to: 'http://x.example/'}\n"
        "- {from: /b, to: sfj}\n- {from: /B, to: sfj}\n"
    ),
    "thesaurus a link that leads nowhere": Case({"sites/thesaurus.yml": link("none")}),
    "thesaurus a folder": Case({"sites/thesaurus.yml": link("units")}),
    "thesaurus with words that are too short, too long, and none": thesaurus(
        f"坐牢: [服]\n牢: [监狱]\n{'长' * 21}: [监狱]\n"
    ),
    "thesaurus with a word for a list, too many, none": thesaurus(
        "坐牢: 服刑\n离婚: [甲乙, 丙丁, 戊己, 庚辛, 壬癸, 子丑]\n打官司: []\n"
    ),
    "thesaurus with a word of its own": thesaurus("坐牢: [服刑, 坐牢]\n"),
    "thesaurus as a list": Case({"sites/thesaurus.yml": "- 坐牢\n"}),
}
