//! A small site with one of everything that pages depend on.

/// Its files.
pub const FILES: &[(&str, &str)] = &[
    (
        "_config.yml",
        "title: 노트\nlang: ko\npaginate: 3\n\
         plugins: [jekyll-feed, jekyll-sitemap, jekyll-paginate]\n\
         permalink: /:categories/:title/\ncollections: { notes: { output: true } }\n\
         defaults:\n  - { scope: { path: _posts }, values: { layout: post } }\n",
    ),
    ("_data/people.yml", "kim: 김\nlee: 이\n"),
    ("_data/rows.csv", "name,count\na,1\nb,2\n"),
    (
        "_layouts/default.html",
        "<html><head><title>{{ page.title }} | {{ site.title }}</title>\
         <link rel=\"stylesheet\" href=\"{{ '/css/main.css' | relative_url }}\"></head>\
         <body>{% include nav.html %}{{ content }}</body></html>\n",
    ),
    (
        "_layouts/post.html",
        "---\nlayout: default\n---\n<article><h1>{{ page.title }}</h1>{{ content }}\
         {% if page.previous %}<a href=\"{{ page.previous.url }}\">{{ page.previous.title }}</a>\
         {% endif %}</article>\n",
    ),
    (
        "_includes/nav.html",
        "<nav>{% for p in site.pages %}<a href=\"{{ p.url }}\">{{ p.title }}</a>{% endfor %}\
         {{ site.data.people.kim }}</nav>\n",
    ),
    ("_includes/note.html", "<aside>{{ include.text | markdownify }}</aside>\n"),
    ("_sass/_colours.scss", "$ink: #123456;\n"),
    ("css/main.scss", "---\n---\n@import \"colours\";\na { color: $ink; }\n"),
    (
        "index.html",
        "---\nlayout: default\ntitle: 처음\n---\n{% for post in paginator.posts %}<h2>\
         <a href=\"{{ post.url }}\">{{ post.title }}</a></h2>{{ post.excerpt }}{% endfor %}\
         {{ paginator.total_pages }}\n",
    ),
    ("about.md", "---\nlayout: default\ntitle: 소개\n---\n\n{{ site.posts.size }}개의 글.\n"),
    (
        "all.html",
        "---\nlayout: default\ntitle: 모두\n---\n{% for post in site.posts %}{{ post.content }}\
         {% endfor %}{% for tag in site.tags %}{{ tag[0] }}: {{ tag[1].size }}{% endfor %}\
         {% for row in site.data.rows %}{{ row.name }}={{ row.count }} {% endfor %}\n",
    ),
    ("_notes/one.md", "---\ntitle: 하나\nlayout: default\n---\n\n메모 {{ site.notes.size }}.\n"),
    ("notes.txt", "그대로 베낀다.\n"),
    ("_posts/part.txt", "포함된 *글*.\n"),
    (
        "_posts/2026-01-01-one.md",
        "---\ntitle: 첫 글\ntags: [a, b]\ncategories: [lambda]\n---\n\n첫 문단이다.\n\n\
         {% include note.html text=\"**메모**\" %}\n\n둘째 문단 {{ site.data.people.lee }}.\n",
    ),
    (
        "_posts/2026-02-01-two.md",
        "---\ntitle: 둘째 글\ntags: [b]\n---\n\n[앞의 글]({% post_url 2026-01-01-one %}).\n\n\
         ```python\nprint('안녕')\n```\n",
    ),
    (
        "_posts/2026-03-01-three.md",
        "---\ntitle: 셋째 글\n---\n\n```scenario\nid: three\nfunctions:\n  api: { duration: 1s }\n\
         events:\n  - { invoke: api, at: 0s, count: 3 }\nexpect: [api.invocations == 3]\n```\n\n\
         요청은 {{ scenario.three.api.invocations | josa: \"이다/다\" }}.\n",
    ),
    (
        "_posts/2026-04-01-four.md",
        "---\ntitle: 넷째 글\n---\n\n앞 글의 값은 {{ scenario.three.api.duration.max }}이다.\n\n\
         {% include_relative part.txt %}\n",
    ),
    (
        "_posts/2026-05-01-five.md",
        "---\ntitle: 다섯째 글\n---\n\n| 가 | 나 |\n|---|---|\n| 1 | 2 |\n",
    ),
];
