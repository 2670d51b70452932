"""Definitions of the cluster, its units and categories."""

from tests.invalid.invalid_cases import SITES, Case, link, pipe

CLUSTER = SITES["sites/cluster.yml"]
SFJ = SITES["sites/units/sfj.yml"]
JYGLJ = SITES["sites/units/jyglj.yml"]
CATEGORIES = SITES["sites/categories.yml"]


def cluster(text: str) -> Case:
    return Case({"sites/cluster.yml": text})


def sfj(*more: str) -> Case:
    return Case({"sites/units/sfj.yml": SFJ + "\n".join(more) + "\n"})


def categories(text: str) -> Case:
    return Case({"sites/categories.yml": text})


CASES: dict[str, Case] = {
    "no cluster.yml": Case({}, without=("sites/cluster.yml",)),
    "no categories.yml": Case({}, without=("sites/categories.yml",)),
    "no file of a listed unit": Case({}, without=("sites/units/jyglj.yml",)),
    "unit not listed": Case({"sites/units/flyz.yml": "id: flyz\nname: 援\nshort_name: 援\nkind: center\n"}),
    "cluster.yml in GBK": Case({"sites/cluster.yml": CLUSTER.encode("gbk")}),
    "cluster.yml with a byte order mark": Case({"sites/cluster.yml": b"\xef\xbb\xbf" + CLUSTER.encode()}),
    "cluster.yml with broken YAML": cluster(CLUSTER + "theme_options: [\n"),
    "cluster.yml as a list": cluster("- a\n"),
    "cluster.yml empty": cluster(""),
    "cluster.yml a folder": Case({"sites/cluster.yml": link("units")}),
    "cluster.yml that cannot be read, and a fault of a unit": Case(
        {"sites/cluster.yml": CLUSTER + "]", "sites/units/sfj.yml": SFJ + "emblem: X\nparent: zzz\n"}
    ),
    "cluster.yml a link to itself": Case({"sites/cluster.yml": link("cluster.yml")}),
    "a unit's file a pipe": Case({"sites/units/sfj.yml": pipe}),
    "unknown key": cluster(CLUSTER + "colour: red\n"),
    "misspelt key": cluster(CLUSTER + "organizer: 办公室\n"),
    "misspelt key that must be there": cluster(CLUSTER.replace("base_url", "base_ulr")),
    "missing keys": cluster("units: [sfj, jyglj]\n"),
    "duplicate key": cluster(CLUSTER + "name: 另一个\n"),
    "anchor": cluster(CLUSTER + "notice: &n 演示\ndescription: *n\n"),
    "two documents": cluster(CLUSTER + "---\nname: 又一个\n"),
    "time zone": cluster(CLUSTER + "time_zone: Asia/Tokyo\n"),
    "base url without slash": cluster(CLUSTER.replace("example/", "example")),
    "base url without scheme": cluster(CLUSTER.replace("https://", "")),
    "base url with script scheme": cluster(CLUSTER.replace("https://sfj.shili.example/", "'javascript:alert(1)/'")),
    "base url with a user": cluster(CLUSTER.replace("https://", "https://a:b@")),
    "base url with a query": cluster(CLUSTER.replace("example/", "example/?a=b/")),
    "theme with a path": cluster(CLUSTER + "theme: ../default\n"),
    "theme options as a list": cluster(CLUSTER + "theme_options: [a]\n"),
    "unit twice": cluster(CLUSTER.replace("[sfj, jyglj]", "[sfj, jyglj, sfj]")),
    "unit with a capital": cluster(CLUSTER.replace("[sfj, jyglj]", "[sfj, jyglj, Flyz]")),
    "unit named search": cluster(CLUSTER.replace("[sfj, jyglj]", "[sfj, jyglj, search]")),
    "unit misspelt in the list": Case(
        {
            "sites/cluster.yml": CLUSTER.replace("jyglj]", "jygjl]"),
            "sites/units/sfj.yml": SFJ + "parent: jyglj\n",
        }
    ),
    "no units": cluster(CLUSTER.replace("[sfj, jyglj]", "[]")),
    "units without a value": cluster(CLUSTER.replace("[sfj, jyglj]", "")),
    "unit as a mapping": cluster(CLUSTER.replace("jyglj]", "{id: jyglj}]")),
    "indented with a tab": cluster(CLUSTER + "contact:\n\ttelephone: 010-55500001\n"),
    "units as text": cluster(CLUSTER.replace("[sfj, jyglj]", "sfj")),
    "unit without names": Case({"sites/units/sfj.yml": "id: sfj\nkind: bureau\n"}),
    "unit with another id": Case({"sites/units/sfj.yml": SFJ.replace("id: sfj", "id: sf")}),
    "unit of an unknown kind": Case({"sites/units/sfj.yml": SFJ.replace("bureau", "ministry")}),
    "unit with an empty name": Case({"sites/units/sfj.yml": SFJ.replace("示例市司法局", '""')}),
    "clearance policy": sfj("clearance: none"),
    "clearance policy in capitals": sfj("clearance: FLAG"),
    "unknown parent": sfj("parent: sft"),
    "misspelt parent": Case({"sites/units/jyglj.yml": JYGLJ.replace("parent: sfj", "parent: sfjj")}),
    "parents in a circle": sfj("parent: jyglj"),
    "its own parent": sfj("parent: sfj"),
    "host of the portal": sfj("host: https://sfj.shili.example/"),
    "host of another unit": Case(
        {
            "sites/units/sfj.yml": SFJ + "host: https://a.shili.example/\n",
            "sites/units/jyglj.yml": JYGLJ + "host: https://a.shili.example/\n",
        }
    ),
    "host of the portal by another scheme": sfj("host: http://sfj.shili.example:80/"),
    "host without a label, and with too high a port": Case(
        {
            "sites/units/sfj.yml": SFJ + "host: https://sfj..example/\n",
            "sites/units/jyglj.yml": JYGLJ + "host: https://a.shili.example:65536/\n",
        }
    ),
    "host in Chinese": sfj("host: https://司法局.政务/"),
    "site code": sfj('site_code: "12345"'),
    "colour by name": sfj("accent: red"),
    "colour without quotes": sfj("accent: #8b1e1e", "accent_dark: '#8b1'"),
    "emblem of three characters": sfj("emblem: 司法局"),
    "emblem of letters": sfj("emblem: SF"),
    "contact with an unknown key": sfj("contact: {phone: 010-55500000}"),
    "contact as text": sfj("contact: 010-55500000"),
    "e-mail": sfj("contact: {email: sfj.shili.example}"),
    "description of two lines": sfj("description: |", "  一", "  二"),
    "theme options of a unit": sfj("theme_options: {hero: [a]}"),
    "categories as a mapping": categories("notice: 通知公告\n"),
    "category without an English name": categories("- {id: notice, name: 通知公告}\n"),
    "category twice": categories(CATEGORIES + "- {id: notice, name: 又一个, name_en: Again}\n"),
    "category with a blank": categories(CATEGORIES + "- {id: key area, name: 重点, name_en: Key}\n"),
    "category named assets": categories(CATEGORIES + "- {id: assets, name: 资产, name_en: Assets}\n"),
    "category with an unknown rhythm": categories(CATEGORIES + "- {id: b, name: 乙, name_en: B, rhythm: daily}\n"),
    "category with an unknown parent": categories(CATEGORIES + "- {id: b, name: 乙, name_en: B, parent: zzz}\n"),
    "category under one whose id is malformed": categories(
        "- {id: key area, name: 重点, name_en: Key}\n- {id: b, name: 乙, name_en: B, parent: key-area}\n"
    ),
    "categories in a circle": categories(
        "- {id: b, name: 乙, name_en: B, parent: c}\n- {id: c, name: 丙, name_en: C, parent: b}\n"
    ),
    "faults in all files": Case(
        {
            "sites/cluster.yml": CLUSTER + "colour: red\n",
            "sites/units/sfj.yml": SFJ + "clearance: none\n",
            "sites/units/jyglj.yml": JYGLJ + "emblem: X\n",
            "sites/categories.yml": CATEGORIES + "- 通知\n",
        }
    ),
}
