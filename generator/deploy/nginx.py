"""Configuration of nginx for the whole cluster, to be included inside ``http { }``. Pure.

Everything that a release changes (redirects, tombstones) lies in the release, so the configuration
itself changes only with the cluster's hosts. What each part is for stands in the text that is
written, because those who run the server read that and not this.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from generator.deploy.definition import WebServer
from generator.deploy.parts import HASHED_PATTERN, PORTAL, Part, parts_of
from generator.errors import UsageError
from generator.model import Cluster
from generator.site.headers import SECURITY_HEADERS

IMMUTABLE = "public, max-age=31536000, immutable"
REVALIDATE = "no-cache"

_TYPES = (
    ("text/html", "html htm"),
    ("text/css", "css"),
    ("text/javascript", "js mjs"),
    ("text/plain", "txt"),
    ("text/csv", "csv"),
    ("application/json", "json"),
    ("application/manifest+json", "webmanifest"),
    ("application/xml", "xml"),
    ("application/atom+xml", "atom"),
    ("image/svg+xml", "svg"),
    ("image/png", "png"),
    ("image/jpeg", "jpg jpeg"),
    ("image/gif", "gif"),
    ("image/webp", "webp"),
    ("image/avif", "avif"),
    ("image/x-icon", "ico"),
    ("font/woff2", "woff2"),
    ("font/woff", "woff"),
    ("application/pdf", "pdf"),
    ("application/zip", "zip"),
    ("application/msword", "doc"),
    ("application/vnd.ms-excel", "xls"),
    ("application/vnd.ms-powerpoint", "ppt"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
    ("application/ofd", "ofd"),
)
_TEXTS = " ".join(
    kind
    for kind, _ in _TYPES
    if (kind != "text/html" and kind.startswith("text/")) or kind.endswith(("json", "xml"))  # HTML always has one
)
CONTENT_TYPES = {extension: kind for kind, extensions in _TYPES for extension in extensions.split()}


def format_nginx(cluster: Cluster, server: WebServer, old_hosts: tuple[str, ...] = ()) -> str:
    """The configuration for every host of the cluster, and for hosts of a former CMS that lead here.

    Raises ``UsageError`` for base addresses that are no root of a host.
    """
    parts = parts_of(cluster)
    for part in parts:
        if urlsplit(part.base_url).path != "/":
            raise UsageError(f"网址要以主机名开头、以 / 结尾：{part.base_url}。Only the root of a host can be served.")
    blocks = [_head(cluster, server), _maps(cluster, server)]
    blocks += [_host(part, parts, server) for part in parts]
    blocks += [_plain_host(urlsplit(part.base_url).hostname or "", server) for part in parts]
    if old_hosts:
        blocks.append(_old_hosts(old_hosts, parts[0], server))
    return "\n".join(blocks)


def _head(cluster: Cluster, server: WebServer) -> str:
    compressed = (
        "Precompressed siblings are served with gzip_static and brotli_static; the latter is a module\n"
        "# of its own (Debian: libnginx-mod-http-brotli-static)."
        if server.brotli
        else "Precompressed siblings are served with gzip_static; brotli is switched off (webserver.brotli)."
    )
    return f"""\
# {cluster.name}：nginx 设置，由 python -m generator webserver nginx 写出，请勿手改。
# 用法：放进 /etc/nginx/conf.d/mingtang.conf，nginx -t 检查后 systemctl reload nginx。
#
# Written by `python -m generator webserver nginx`; include it inside http {{ }}. Do not edit.
# {compressed}
"""


def _maps(cluster: Cluster, server: WebServer) -> str:
    units = "|".join(unit.id for unit in cluster.units if not unit.host)
    absent = f'\n    "~^/(?<mingtang_unit>{units})/" /$mingtang_unit/404.html;' if units else ""
    return f"""\
map_hash_bucket_size 1024;
map_hash_max_size 65536;

# 文件名带摘要的永不改变，可以长期缓存；其余每次向服务器核对。出错的回应从不长期缓存。
# Files named after their content never change; everything else is revalidated, and so are errors.
map "$status$uri" $mingtang_cache {{
    default "{REVALIDATE}";
    "~^(?:200|206|304)/{HASHED_PATTERN}$" "{IMMUTABLE}";
}}

# 每个单位有自己的 404 页。Each unit has a 404 page of its own.
map $uri $mingtang_absent {{
    default /404.html;{absent}
}}

# 旧地址随每次发布更新；表有变化时发布程序会要求重新载入。
# Former addresses belong to the release; nginx reads them again at each reload.
map "$host$uri" $mingtang_redirect {{
    default "";
    include {server.path}/current/server/redirects*.map;
}}
map "$host$request_uri" $mingtang_address {{
    default "";
    include {server.path}/current/server/addresses*.map;
}}
"""


def _listen(server: WebServer, port: int, options: str) -> str:
    if server.listen:
        return f"    listen {server.listen}:{port}{options};"
    return f"    listen {port}{options};\n    listen [::]:{port}{options};"


def _tls(host: str, server: WebServer) -> str:
    return f"""\
    ssl_certificate {server.certificates}/{host}/fullchain.pem;
    ssl_certificate_key {server.certificates}/{host}/privkey.pem;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache shared:mingtang:10m;
    ssl_session_tickets off;"""


def _headers(server: WebServer) -> str:
    pairs = list(SECURITY_HEADERS)
    if server.hsts_days:
        pairs.append(("Strict-Transport-Security", f"max-age={server.hsts_days * 86400}"))
    lines = [f'    add_header {name} "{value}" always;' for name, value in pairs]
    return "\n".join([*lines, "    add_header Cache-Control $mingtang_cache always;"])


def _types() -> str:
    return "\n".join(f"        {kind} {extensions};" for kind, extensions in _TYPES)


def _host(part: Part, parts: tuple[Part, ...], server: WebServer) -> str:
    host = urlsplit(part.base_url).hostname or ""
    brotli = "\n    brotli_static on;" if server.brotli else ""
    folder = _folder(part)
    return f"""\
# --- {part.name}: {part.base_url}
server {{
{_listen(server, server.https, " ssl http2")}
    server_name {host};
{_tls(host, server)}

    root {server.path}/current/public{folder};
    index index.html;
    charset utf-8;
    charset_types {_TEXTS};
    default_type application/octet-stream;
    types {{
{_types()}
    }}
    server_tokens off;
    absolute_redirect off;
    sendfile on;
    gzip_static on;
    gzip_vary on;
    gzip_proxied any;{brotli}

{_headers(server)}

{_locations(part, parts, server)}}}
"""


def _folder(part: Part) -> str:
    return f"/{part.root.rstrip('/')}" if part.root else ""


def _locations(part: Part, parts: tuple[Part, ...], server: WebServer) -> str:
    """What is answered to which address of a host."""
    elsewhere = "".join(_elsewhere(other) for other in parts if part.name == PORTAL and other.name != PORTAL)
    index = "" if part.name == PORTAL else _index_alias(server)
    folder = _folder(part)
    return f"""\
    error_page 403 404 =404 $mingtang_absent;
    error_page 410 @tombstone;
    if ($mingtang_redirect) {{
        return 301 $mingtang_redirect;
    }}
    if ($mingtang_address) {{
        return 301 $mingtang_address;
    }}

    location / {{
        try_files $uri $uri/ @absent;
    }}
    location ~ ^/(?:[^/]+/)?404\\.html$ {{
        internal;
    }}
    location ~ "^/{HASHED_PATTERN}$" {{
        try_files $uri @left;
    }}
    # 退回旧版本之后，仍开着新版本页面的读者要用到的文件。
    # After a rollback: hashed files that pages of the release that was left still ask for.
    location @left {{
        root {server.path}/left/public{folder};
        try_files $uri =404;
    }}
    # 撤下后留有说明页的地址答 410，其余答 404。Tombstones answer 410.
    location @absent {{
        root {server.path}/current/gone{folder};
        if (-f $request_filename) {{
            return 410;
        }}
        return 404;
    }}
    location @tombstone {{
        root {server.path}/current/gone{folder};
        try_files $uri =410;
    }}
{index}{elsewhere}"""


def _index_alias(server: WebServer) -> str:
    return f"""
    # 全网站群共用一份检索索引。The one index of the release.
    location ^~ /search/ {{
        root {server.path}/current/public;
        try_files $uri @left_index;
    }}
    location @left_index {{
        root {server.path}/left/public;
        try_files $uri =404;
    }}
"""


def _elsewhere(other: Part) -> str:
    folder = other.root.rstrip("/")
    return f"""
    # {other.name} 有自己的域名。The unit has a host of its own.
    location = /{folder} {{
        return 301 {other.base_url};
    }}
    location ^~ /{other.root} {{
        if ($request_uri ~ "^/{other.root}(.*)$") {{
            return 301 {other.base_url}$1;
        }}
        return 404;
    }}
"""


def _authority(host: str, server: WebServer) -> str:
    return host if server.https == 443 else f"{host}:{server.https}"


def _plain_host(host: str, server: WebServer) -> str:
    return f"""\
server {{
{_listen(server, server.http, "")}
    server_name {host};
    server_tokens off;
    return 301 https://{_authority(host, server)}$request_uri;
}}
"""


def _old_hosts(hosts: tuple[str, ...], portal: Part, server: WebServer) -> str:
    blocks = []
    for host in hosts:
        blocks.append(f"""\
# --- 旧网站 former host: {host}
server {{
{_listen(server, server.http, "")}
{_listen(server, server.https, " ssl http2")}
    server_name {host};
{_tls(host, server)}
    server_tokens off;
    if ($mingtang_redirect) {{
        return 301 $mingtang_redirect;
    }}
    if ($mingtang_address) {{
        return 301 $mingtang_address;
    }}
    return 301 {portal.base_url};
}}
""")
    return "\n".join(blocks)
