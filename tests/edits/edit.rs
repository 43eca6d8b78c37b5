//! Edits of a site, drawn by a seed: what an author, an editor or git may do to its files.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::site::FILES;

/// A small generator; the numbers need not be good.
pub struct Draw(pub u64);

impl Draw {
    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end
    }

    fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

/// Edits one site.
pub struct Author<'a> {
    root: &'a Path,
    draw: &'a mut Draw,
    touched: BTreeSet<PathBuf>,
    number: usize,
}

/// What is put at the end of a file: most of it is right, some isn't.
const ADDITIONS: &[&str] = &[
    "\n새 문단이다.\n",
    "\n## 새 제목\n\n- 하나\n- 둘\n",
    "\n{{ site.title }} {{ page.title }}\n",
    "\n{{ site.posts.first.title }} {{ site.time | date: '%Y' }}\n",
    "\n{% include note.html text=\"덧붙임\" %}\n",
    "\n{% include nav.html %}\n",
    "\n[어디](/nowhere/) ![](/none.png)\n",
    "\n값 {{ scenario.three.api.requests }}\n",
    "\n값 {{ scenario.nothing.x }}\n",
    "\n{% if true %}\n",
    "\n{% include missing.html %}\n",
    "\n{{ page.title | no_such_filter }}\n",
    "\n```scenario\nid: more\nfunctions: { f: { duration: 1s } }\nevents: [{ invoke: f, at: 0s }]\n\
     expect: [f.invocations == 2]\n```\n",
    "\n```scenario\nid: three\nfunctions: {}\n```\n",
];

/// Front matter and configuration, right and wrong.
const LINES: &[&str] = &[
    "title: 새 이름",
    "title: \"따옴표: 둘\"",
    "title: 두 번: 쌍점",
    "tags: [c, d]",
    "categories: [x y, z]",
    "date: 2026-03-15",
    "date: 2030-01-01",
    "published: false",
    "permalink: /fixed/",
    "layout: default",
    "layout: nothing",
    "layout: null",
    "excerpt: 요약",
    "redirect_from: /old/",
    "baseurl: /base",
    "paginate: 1",
    "permalink: pretty",
    "lang: en",
    "plugins: [jekyll-redirect-from, jekyll-seo-tag]",
    "future: true",
    "markdown: CommonMark",
    "exclude: [about.md]",
    "  bad: [",
];

impl<'a> Author<'a> {
    /// One edit; gives the files and folders that it touched.
    pub fn edit(root: &'a Path, draw: &'a mut Draw, number: usize) -> BTreeSet<PathBuf> {
        let mut author = Self { root, draw, touched: BTreeSet::new(), number };
        match author.draw.below(20) {
            0..=4 => author.append("_posts/"),
            5 => author.append(""),
            6 | 7 => author.set_line("_posts/"),
            8 => author.set_line(""),
            9 => author.set_line("_config.yml"),
            10 => author.add_post(),
            11 => author.remove(),
            12 => author.rename(),
            13..=15 => author.mend(),
            16 => author.change_style(),
            17 => author.change_data(),
            18 => author.move_folder(),
            _ => author.burst(),
        }
        author.touched
    }

    /// All files of the site below a folder or with this name.
    fn files(&self, start: &str) -> Vec<String> {
        let mut folders = vec![self.root.to_owned()];
        let mut found = Vec::new();
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let path = path.strip_prefix(self.root).unwrap().to_str().unwrap().to_owned();
                    found.push(path);
                }
            }
        }
        found.retain(|path| path.starts_with(start));
        found.sort();
        found
    }

    fn one_file(&mut self, start: &str) -> Option<String> {
        let files = self.files(start);
        (!files.is_empty()).then(|| self.draw.one_of(&files).clone())
    }

    fn write(&mut self, path: &str, text: impl AsRef<[u8]>) {
        let target = self.root.join(path);
        fs::create_dir_all(target.parent().unwrap()).unwrap();
        self.touched.insert(target.clone());
        if self.draw.below(2) == 0 {
            fs::write(target, text).unwrap();
            return;
        }
        // As an editor saves: under another name first.
        let temporary = target.with_file_name(format!(".~{}.tmp", self.number));
        fs::write(&temporary, text).unwrap();
        fs::rename(temporary, target).unwrap();
    }

    fn read(&self, path: &str) -> String {
        String::from_utf8_lossy(&fs::read(self.root.join(path)).unwrap()).into_owned()
    }

    fn append(&mut self, start: &str) {
        let Some(path) = self.one_file(start) else { return };
        let addition = *self.draw.one_of(ADDITIONS);
        let text = self.read(&path) + addition;
        self.write(&path, text);
    }

    /// Puts a line into front matter or configuration, before or in the place of another one.
    fn set_line(&mut self, start: &str) {
        let Some(path) = self.one_file(start) else { return };
        let text = self.read(&path);
        let mut lines: Vec<&str> = text.lines().collect();
        let line = *self.draw.one_of(LINES);
        let key = line.split(':').next().unwrap();
        let at = usize::from(lines.first() == Some(&"---"));
        match lines.iter().position(|own| own.starts_with(&format!("{key}:"))) {
            Some(own) => lines[own] = line,
            None => lines.insert(at.min(lines.len()), line),
        }
        self.write(&path, lines.join("\n") + "\n");
    }

    fn add_post(&mut self) {
        let day = self.draw.below(28) + 1;
        let number = self.number;
        let folder = *self.draw.one_of(&["_posts", "_posts/deep", "sub/_posts", "_notes", "pages"]);
        let text = format!("---\ntitle: 글 {number}\ntags: [a]\n---\n\n본문 {number}.\n");
        self.write(&format!("{folder}/2026-06-{day:02}-글-{number}.md"), text);
    }

    fn remove(&mut self) {
        let Some(path) = self.one_file("") else { return };
        fs::remove_file(self.root.join(&path)).unwrap();
        self.touched.insert(self.root.join(path));
    }

    fn rename(&mut self) {
        let Some(path) = self.one_file("") else { return };
        let (from, extension) = (self.root.join(&path), path.rsplit('.').next().unwrap());
        let to = from.with_file_name(format!("2026-07-01-renamed-{}.{extension}", self.number));
        fs::rename(&from, &to).unwrap();
        self.touched.extend([from, to]);
    }

    /// Brings a file back to what it was in the beginning; sometimes the whole site.
    fn mend(&mut self) {
        let all = self.draw.below(2) == 0;
        let is_known = |path: &String| FILES.iter().any(|(own, _)| own == path);
        for path in self.files("").into_iter().filter(|path| all && !is_known(path)) {
            fs::remove_file(self.root.join(&path)).unwrap();
            self.touched.insert(self.root.join(path));
        }
        let chosen = self.draw.below(FILES.len());
        for (at, (path, text)) in FILES.iter().enumerate() {
            if all || at == chosen {
                self.write(path, text);
            }
        }
    }

    fn change_style(&mut self) {
        let colour = self.draw.below(0x1000);
        let text = if colour < 0x200 {
            "$ink: (;\n".to_owned()
        } else {
            format!("$ink: #{colour:03x};\n")
        };
        self.write("_sass/_colours.scss", text);
    }

    fn change_data(&mut self) {
        let number = self.number;
        let (path, text) = match self.draw.below(5) {
            0 => ("_data/people.yml", "kim: [".to_owned()),
            1 => ("_data/rows.csv", format!("name,count\nc,{number}\n")),
            2 => ("_data/deep/more.json", format!("{{\"n\": {number}}}")),
            3 => ("_posts/part.txt", format!("포함된 {number}\n")),
            _ => ("_data/people.yml", format!("kim: 김{number}\nlee: 이\n")),
        };
        self.write(path, text);
        if self.draw.below(4) == 0 {
            self.write("notes.txt", [0xff, number as u8]);
        }
    }

    /// Moves a folder away, or one that was moved away back.
    fn move_folder(&mut self) {
        for folder in ["_posts", "_includes", "_data"] {
            let (here, away) = (self.root.join(folder), self.root.join(format!("away{folder}")));
            let (from, to) = if away.exists() { (away, here) } else { (here, away) };
            if from.exists() && !to.exists() && self.draw.below(2) == 0 {
                fs::rename(&from, &to).unwrap();
                self.touched.extend([from, to]);
            }
        }
    }

    fn burst(&mut self) {
        for _ in 0..8 {
            match self.draw.below(4) {
                0 => self.append("_posts/"),
                1 => self.add_post(),
                2 => self.remove(),
                _ => self.mend(),
            }
        }
    }
}
