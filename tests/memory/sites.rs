//! The site that is edited, and what edits put into it.

/// The files of the site.
pub const FILES: &[(&str, &str)] = &[
    (
        "_config.yml",
        "title: 보기\nurl: https://example.com\ntimezone: Asia/Seoul\npaginate: 2\n\
         plugins: [jekyll-feed, jekyll-sitemap, jekyll-paginate, jekyll-archives, \
         jekyll-seo-tag, jekyll-redirect-from, jekyll-relative-links]\n\
         collections:\n  notes: { output: true }\n\
         jekyll-archives: { enabled: [categories, tags], layout: archive }\n\
         defaults:\n  - scope: { path: '' }\n    values: { layout: default }\n",
    ),
    (
        "_layouts/default.html",
        "---\nkind: outer\n---\n<html><head>{% seo %}{% feed_meta %}</head><body>\n\
         {% include menu.html %}\n{{ content }}\n<p>{{ site.posts.size }} {{ layout.kind }}</p>\n\
         {% include foot.html year=page.date %}\n</body></html>\n",
    ),
    (
        "_layouts/post.html",
        "---\nlayout: default\nkind: inner\n---\n<h1>{{ page.title }}</h1>{{ content }}\n\
         {% if page.previous %}<a href=\"{{ page.previous.url }}\">{{ page.previous.title }}</a>{% endif %}\n\
         {% if page.next %}<a href=\"{{ page.next.url }}\">{{ page.next.title }}</a>{% endif %}\n\
         {% for post in site.related_posts limit:2 %}{{ post.title }};{% endfor %}\n",
    ),
    (
        "_layouts/archive.html",
        "---\nlayout: default\n---\n{{ page.title }}: {% for post in page.posts %}{{ post.title }} {% endfor %}\n",
    ),
    (
        "_includes/menu.html",
        "<nav>{% for item in site.data.menu %}<a href=\"{{ item.url }}\">{{ item.title }}</a>{% endfor %}</nav>\n",
    ),
    ("_includes/foot.html", "<footer>{{ site.title }} {{ include.year | date: '%Y' }}</footer>\n"),
    ("_includes/box.html", "<div>{{ include.text }} {{ site.data.words.hello }}</div>\n"),
    ("_data/menu.yml", "- { title: 글, url: /a/ }\n- { title: 쪽, url: /b/ }\n"),
    ("_data/words.yml", "hello: 안녕\nbye: 잘 가\n"),
    ("_data/unused.yml", "a: 1\n"),
    ("_sass/_part.scss", "$colour: red;\n.a { color: $colour; }\n"),
    ("_sass/_other.scss", ".b { margin: 1px; }\n"),
    ("css/main.scss", "---\n---\n@import 'part';\n.c { padding: 2px; }\n"),
    ("css/plain.css", ".plain { top: 0; }\n"),
    (
        "index.html",
        "---\ntitle: 처음\n---\n{% for post in paginator.posts %}<h2>{{ post.title }}</h2>{{ post.excerpt }}{% endfor %}\n\
         {{ paginator.page }}/{{ paginator.total_pages }}\n",
    ),
    (
        "archive.html",
        "---\ntitle: 모두\nredirect_from: /old/\n---\n{% for post in site.posts %}{{ post.title }} {{ post.date | date: '%F' }}\n{% endfor %}\n\
         {% for tag in site.tags %}{{ tag[0] }}={{ tag[1].size }} {% endfor %}\n",
    ),
    (
        "whole.html",
        "---\nlayout: null\n---\n{% for post in site.posts %}{{ post.content | strip_html | truncatewords: 20 }}\n{{ post.output | size }}\n{% endfor %}\n",
    ),
    (
        "found.json",
        "---\nlayout: null\n---\n[{% for note in site.notes %}{{ note.title | jsonify }},{% endfor %}0]\n",
    ),
    ("files.html", "---\n---\n{% for file in site.static_files %}{{ file.path }}\n{% endfor %}\n"),
    (
        "about.md",
        "---\ntitle: 소개\n---\n{% include box.html text=\"상자\" %}\n\n[글](_posts/2026-01-02-one.md) {% link css/plain.css %} {% post_url 2026-01-03-two %}\n\n\
         {% include_relative part.txt %}\n\n이웃은 {{ scenario.neighbour.orders.throttles }}, 시간은 {{ quota.lambda.timeout_max }}.\n",
    ),
    ("part.txt", "함께 쓰는 글\n"),
    (
        "_posts/2026-01-02-one.md",
        "---\ntitle: 하나\nlayout: post\ntags: [람다, 큐]\ncategories: [aws]\n---\n첫 글이다.\n\n## 제목\n\n둘째 문단 [링크](/about.html#없다).\n",
    ),
    (
        "_posts/2026-01-03-two.md",
        "---\ntitle: 둘\nlayout: post\ntags: [람다]\n---\n{% include box.html text=page.title %}\n\n```scenario\nid: neighbour\naccount: { concurrent_executions: 1000 }\n\
         functions:\n  orders: { duration: 200ms }\nevents:\n  - { invoke: orders, rate: 100/s, until: 10s }\nexpect:\n  - orders.throttles == 0\n```\n\n끝.\n",
    ),
    (
        "_posts/2026-01-04-three.md",
        "---\ntitle: 셋\nlayout: post\ntags: [큐]\n---\n앞의 글: {{ page.previous.title }}\n\n{% assign first = site.posts | where: 'title', '하나' | first %}{{ first.url }} {{ first.excerpt }}\n\n```rust\nfn main() {}\n```\n",
    ),
    (
        "_posts/2026-01-05-four.md",
        "---\ntitle: 넷\nlayout: post\n---\n{{ site.posts.last.content }}\n\n{{ site.notes.first.content }}\n",
    ),
    ("_notes/a.md", "---\ntitle: 가\n---\n쪽지 {{ site.time | date: '%Y' }}\n"),
    (
        "_notes/b.md",
        "---\ntitle: 나\norder: 2\n---\n{% for note in site.notes %}{{ note.title }}{% endfor %}\n",
    ),
];

/// The files of a site that the built-in theme dresses.
pub const OF_THEME: &[(&str, &str)] = &[
    (
        "_config.yml",
        "title: 보기\nurl: https://example.com\npaginate: 2\nlocale: ko-KR\nauthor: { name: 아무개 }\n",
    ),
    ("_data/navigation.yml", "main:\n  - { title: 글, url: /posts/ }\n"),
    ("templates/parts/footer.html", "<footer>{{ site.title }} {{ site.year }}</footer>\n"),
    (
        "templates/wide.html",
        "{% extends \"base.html\" %}{% block main %}{{ page.content | safe }}{{ site.posts | length }}{% endblock main %}\n",
    ),
    ("assets/custom.css", ".mine { top: 0; }\n"),
    ("index.html", "---\nlayout: home\n---\n"),
    (
        "about.md",
        "---\ntitle: 소개\nlayout: single\ntoc: true\n---\n## 하나\n\n글 {{ site.posts.first.title }}\n",
    ),
    ("wide.md", "---\ntitle: 넓게\nlayout: wide\n---\n넓은 글\n"),
    (
        "_posts/2026-01-02-one.md",
        "---\ntitle: 하나\nlayout: single\ntags: [람다, 큐]\ncategories: [aws]\n---\n첫 글이다.\n\n## 제목\n\n둘째 문단.\n",
    ),
    (
        "_posts/2026-01-03-two.md",
        "---\ntitle: 둘\nlayout: single\ntags: [람다]\nrelated: true\n---\n```scenario\nid: neighbour\naccount: { concurrent_executions: 1000 }\nfunctions:\n  orders: { duration: 200ms }\nevents:\n  - { invoke: orders, rate: 100/s, until: 10s }\nexpect:\n  - orders.throttles == 0\n```\n\n끝.\n",
    ),
    (
        "_posts/2026-01-04-three.md",
        "---\ntitle: 셋\nlayout: single\ntags: [큐]\ncategories: [aws]\nexcerpt: 짧게\n---\n셋째 글 {{ scenario.neighbour.orders.invocations }}.\n",
    ),
    (
        "_posts/2026-01-05-four.md",
        "---\ntitle: 넷\nlayout: post\ntags: [람다, 큐]\n---\n넷째 글.\n",
    ),
];

/// Files that come in between; `{n}` is a number.
pub const MORE: &[(&str, &str)] = &[
    (
        "_posts/2026-02-0{n}-more.md",
        "---\ntitle: 새 글 {n}\nlayout: post\ntags: [새것]\n---\n글 {n}\n\n더 {n}\n",
    ),
    ("_posts/2025-02-0{n}-old.md", "---\ntitle: 옛 글 {n}\n---\n옛 {n}\n"),
    ("_notes/c{n}.md", "---\ntitle: 다 {n}\n---\n쪽지 {n} {% link about.md %}\n"),
    (
        "page{n}.md",
        "---\ntitle: 쪽 {n}\n---\n{% include box.html text='{n}' %} {{ site.data.words.bye }}\n",
    ),
    ("_data/words.yml", "hello: 안녕 {n}\nbye: 잘 가\n"),
    ("_data/menu.yml", "- { title: 글 {n}, url: /a/ }\n"),
    ("_includes/box.html", "<div class=\"b{n}\">{{ include.text }}</div>\n"),
    ("_includes/menu.html", "<nav>{n} {{ site.pages.size }}</nav>\n"),
    ("_sass/_part.scss", ".a{n} { color: blue; }\n"),
    (
        "_layouts/default.html",
        "---\nkind: other\n---\n<body class=\"l{n}\">{% include menu.html %}{{ content }}</body>\n",
    ),
    ("part.txt", "함께 {n}\n"),
    ("templates/parts/footer.html", "<footer>{{ site.title }} {n}</footer>\n"),
    ("templates/single.html", "{% extends \"bogi/single.html\" %}\n"),
    ("_data/navigation.yml", "main:\n  - { title: 글 {n}, url: /posts/ }\n"),
    ("assets/custom.css", ".mine { top: {n}px; }\n"),
    (
        "_posts/2026-06-0{n}-soon.md",
        "---\ntitle: 곧 {n}\nlayout: single\ntags: [큐]\n---\n곧 나올 글.\n",
    ),
    (
        "_posts/2026-01-03-two.md",
        "---\ntitle: 둘\nlayout: post\n---\n```scenario\nid: neighbour\naccount: { concurrent_executions: 10 }\n\
         functions:\n  orders: { duration: 200ms }\nevents:\n  - { invoke: orders, rate: 100/s, until: 1{n}s }\nexpect:\n  - orders.throttles == 0\n```\n",
    ),
    (
        "_posts/2026-01-02-one.md",
        "---\ntitle: 하나 {n}\nlayout: post\n---\n첫 글 {n}.\n\n둘째 문단.\n",
    ),
    (
        "_config.yml",
        "title: 보기 {n}\ncollections:\n  notes: { output: true }\ndefaults:\n  - scope: { path: '' }\n    values: { layout: default }\n",
    ),
];

/// Lines that are appended to any file; `{n}` is a number.
pub const LINES: &[&str] = &[
    "줄 {n}",
    "줄 {n}",
    "",
    "<!-- {n} -->",
    "{{ site.posts.first.title }} {n}",
    "{% include foot.html %}",
    "{% include missing.html %}",
    "{{ scenario.neighbour.orders.invocations }}",
    "{% if",
    "a: [",
    "{{ page.next.excerpt }}",
    "{% for page in site.pages %}{{ page.url }}{{ page.content | size }} {% endfor %}",
    "[그림](/css/plain.css) ![](/none.png)",
];
