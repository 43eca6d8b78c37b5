//! Makes a Korean blog of any size, for measuring:
//! `cargo run --release --example blog -- 1000 DIR`, then
//! `cargo run --release -- build --source DIR --destination DIR/_site --profile`.
//!
//! Each post is about 10 KB with headings, lists, a table, code in several languages, links and
//! emphasis. Post number i depends on i alone, so the same number gives the same bytes everywhere.

use std::fmt::Write;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

const NOUNS: [&str; 24] = [
    "동시성",
    "환경",
    "요청",
    "대기열",
    "함수",
    "이벤트",
    "예약",
    "풀",
    "지연",
    "처리량",
    "할당량",
    "초기화",
    "재시도",
    "로그",
    "지표",
    "배포",
    "역할",
    "정책",
    "서브넷",
    "연결",
    "캐시",
    "원본",
    "응답",
    "비용",
];
const VERBS: [&str; 12] = [
    "늘어난다",
    "줄어든다",
    "기다린다",
    "거절된다",
    "시작된다",
    "끝난다",
    "겹친다",
    "남는다",
    "넘친다",
    "돌아온다",
    "사라진다",
    "되풀이된다",
];
const TAGS: [&str; 16] = [
    "lambda",
    "sqs",
    "sns",
    "rds",
    "vpc",
    "iam",
    "s3",
    "ecs",
    "kinesis",
    "dynamodb",
    "cloudfront",
    "api-gateway",
    "비용",
    "지연",
    "보안",
    "운영",
];
const CODE: [(&str, &str); 4] = [
    (
        "python",
        "import json\n\ndef handler(event, context):\n    # 세는 일\n    \
         total = sum(item[\"size\"] for item in event[\"items\"])\n    \
         return {\"statusCode\": 200, \"body\": json.dumps({\"total\": total})}\n",
    ),
    (
        "yaml",
        "Resources:\n  Worker:\n    Type: AWS::Serverless::Function\n    Properties:\n      \
         Runtime: python3.13\n      MemorySize: 512\n      ReservedConcurrentExecutions: 100\n",
    ),
    (
        "bash",
        "aws lambda put-function-concurrency \\\n  --function-name worker \\\n  \
         --reserved-concurrent-executions 100 # 예약\n",
    ),
    (
        "json",
        "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [{ \"Effect\": \"Allow\", \
         \"Action\": \"s3:GetObject\", \"Resource\": \"*\" }]\n}\n",
    ),
];

/// A small generator of its own, so that the blog is the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % bound
    }

    fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        words[self.below(words.len())]
    }

    fn sentence(&mut self) -> String {
        let (a, b, c) = (self.pick(&NOUNS), self.pick(&NOUNS), self.pick(&NOUNS));
        let number = self.below(900) + 10;
        let verb = self.pick(&VERBS);
        match self.below(4) {
            0 => format!("**{a}(No. {number})**에서 {b}의 {c} 값이 {number}만큼 {verb}. "),
            1 => format!("`{a}`보다 {b} 쪽이 먼저 {verb}, 그 다음에 {c} 차례가 온다. "),
            2 => format!("{a} 하나가 {b} {number}개를 쓰면 나머지 {c} 몫은 {verb}. "),
            _ => format!("\"{a}\"라는 말은 {b} 안에서 {c} 값이 {verb}는 뜻이다. "),
        }
    }

    fn paragraph(&mut self, sentences: usize) -> String {
        (0..sentences).map(|_| self.sentence()).collect::<String>().trim_end().to_owned() + "\n\n"
    }
}

fn post(number: usize) -> String {
    let mut random = Random(number as u64 * 2_654_435_761 + 1);
    let (first, second) = (random.pick(&NOUNS), random.pick(&NOUNS));
    let tags = [random.pick(&TAGS), random.pick(&TAGS), random.pick(&TAGS)];
    let mut text = format!(
        "---\nlayout: single\ntitle: \"{first}와 {second} 사이 {number}\"\ncategories: [{}]\n\
         tags: [{}]\ntoc: true\n---\n\n",
        TAGS[number % 12],
        tags.join(", "),
    );
    text += &random.paragraph(3);
    for section in 1..=6 {
        let _ = write!(text, "## {section}. {}\n\n", random.pick(&NOUNS));
        text += &random.paragraph(6);
        for _ in 0..4 {
            let _ = write!(text, "- {}\n  - {}\n", random.sentence(), random.sentence());
        }
        text.push('\n');
        if section % 3 == 1 {
            text += "| 구분 | 값 | 뜻 |\n|---|---:|---|\n";
            for _ in 0..5 {
                let (name, meaning) = (random.pick(&NOUNS), random.pick(&VERBS));
                let _ = writeln!(text, "| {name} | {} | {meaning} |", random.below(10_000));
            }
            text.push('\n');
        }
        if section % 2 == 0 {
            let (language, code) = CODE[random.below(CODE.len())];
            let _ = write!(text, "```{language}\n{code}# {}\n```\n\n", random.below(1_000_000));
        }
        text += &random.paragraph(4);
        if number > 0 && section == 5 {
            let _ = write!(text, "[앞의 글](/posts/note-{}/)을 보라.\n\n", random.below(number));
        }
    }
    text
}

fn write_blog(posts: usize, folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder.join("posts"))?;
    fs::write(
        folder.join("_config.yml"),
        "title: 재어 보는 블로그\nurl: https://example.com\nlocale: ko-KR\ntimezone: Asia/Seoul\n\
         permalink: /posts/:title/\npaginate: 10\nauthor: { name: 보기 }\n",
    )?;
    for number in 0..posts {
        let (month, day) = (number / 28 % 12 + 1, number % 28 + 1);
        let year = 1990 + number / 336;
        let name = format!("posts/{year}-{month:02}-{day:02}-note-{number}.md");
        fs::write(folder.join(name), post(number))?;
    }
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [posts, folder] = arguments.as_slice() else {
        eprintln!("usage: blog POSTS FOLDER");
        return ExitCode::from(2);
    };
    let Ok(posts) = posts.parse() else {
        eprintln!("`{posts}` is no number of posts");
        return ExitCode::from(2);
    };
    match write_blog(posts, Path::new(folder)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot write `{folder}`: {error}");
            ExitCode::from(2)
        }
    }
}
