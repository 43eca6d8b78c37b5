//! Colours as LibSass writes them: computed ones by name, else in hexadecimal digits.

/// The names that LibSass writes, each with its red, green and blue.
const NAMES: &str = "\
    aliceblue f0f8ff antiquewhite faebd7 aquamarine 7fffd4 azure f0ffff beige f5f5dc \
    bisque ffe4c4 black 000000 blanchedalmond ffebcd blue 0000ff blueviolet 8a2be2 \
    brown a52a2a burlywood deb887 cadetblue 5f9ea0 chartreuse 7fff00 chocolate d2691e \
    coral ff7f50 cornflowerblue 6495ed cornsilk fff8dc crimson dc143c cyan 00ffff \
    darkblue 00008b darkcyan 008b8b darkgoldenrod b8860b darkgray a9a9a9 darkgreen 006400 \
    darkkhaki bdb76b darkmagenta 8b008b darkolivegreen 556b2f darkorange ff8c00 \
    darkorchid 9932cc darkred 8b0000 darksalmon e9967a darkseagreen 8fbc8f \
    darkslateblue 483d8b darkslategray 2f4f4f darkturquoise 00ced1 darkviolet 9400d3 \
    deeppink ff1493 deepskyblue 00bfff dimgray 696969 dodgerblue 1e90ff firebrick b22222 \
    floralwhite fffaf0 forestgreen 228b22 gainsboro dcdcdc ghostwhite f8f8ff gold ffd700 \
    goldenrod daa520 gray 808080 green 008000 greenyellow adff2f honeydew f0fff0 \
    hotpink ff69b4 indianred cd5c5c indigo 4b0082 ivory fffff0 khaki f0e68c lavender e6e6fa \
    lavenderblush fff0f5 lawngreen 7cfc00 lemonchiffon fffacd lightblue add8e6 \
    lightcoral f08080 lightcyan e0ffff lightgoldenrodyellow fafad2 lightgray d3d3d3 \
    lightgreen 90ee90 lightpink ffb6c1 lightsalmon ffa07a lightseagreen 20b2aa \
    lightskyblue 87cefa lightslategray 778899 lightsteelblue b0c4de lightyellow ffffe0 \
    lime 00ff00 limegreen 32cd32 linen faf0e6 magenta ff00ff maroon 800000 \
    mediumaquamarine 66cdaa mediumblue 0000cd mediumorchid ba55d3 mediumpurple 9370db \
    mediumseagreen 3cb371 mediumslateblue 7b68ee mediumspringgreen 00fa9a \
    mediumturquoise 48d1cc mediumvioletred c71585 midnightblue 191970 mintcream f5fffa \
    mistyrose ffe4e1 moccasin ffe4b5 navajowhite ffdead navy 000080 oldlace fdf5e6 \
    olive 808000 olivedrab 6b8e23 orange ffa500 orangered ff4500 orchid da70d6 \
    palegoldenrod eee8aa palegreen 98fb98 paleturquoise afeeee palevioletred db7093 \
    papayawhip ffefd5 peachpuff ffdab9 peru cd853f pink ffc0cb plum dda0dd powderblue b0e0e6 \
    purple 800080 rebeccapurple 663399 red ff0000 rosybrown bc8f8f royalblue 4169e1 \
    saddlebrown 8b4513 salmon fa8072 sandybrown f4a460 seagreen 2e8b57 seashell fff5ee \
    sienna a0522d silver c0c0c0 skyblue 87ceeb slateblue 6a5acd slategray 708090 snow fffafa \
    springgreen 00ff7f steelblue 4682b4 tan d2b48c teal 008080 thistle d8bfd8 tomato ff6347 \
    turquoise 40e0d0 violet ee82ee wheat f5deb3 white ffffff whitesmoke f5f5f5 yellow ffff00 \
    yellowgreen 9acd32";

/// The name of a colour of six hexadecimal digits.
fn name_of(digits: &str) -> Option<&'static str> {
    let mut words = NAMES.split_ascii_whitespace();
    while let (Some(name), Some(value)) = (words.next(), words.next()) {
        if value == digits {
            return Some(name);
        }
    }
    None
}

/// The six digits of a named colour.
fn digits_of(name: &str) -> Option<&'static str> {
    let mut words = NAMES.split_ascii_whitespace();
    while let (Some(known), Some(value)) = (words.next(), words.next()) {
        if known.eq_ignore_ascii_case(name) {
            return Some(value);
        }
    }
    None
}

/// What `rgb(…)`, `rgba(…)`, `hsl(…)` or `hsla(…)` with these arguments is, if they are numbers.
pub(super) fn function(name: &str, arguments: &str) -> Option<String> {
    let parts: Vec<&str> = arguments.split(',').map(str::trim).collect();
    let (a, b, c, alpha) = match *parts.as_slice() {
        [a, b, c] => (a, b, c, None),
        [a, b, c, alpha] => (a, b, c, Some(alpha.parse::<f64>().ok()?)),
        _ => return None,
    };
    let channels = if name.starts_with("hsl") {
        let hue: f64 = a.strip_suffix("deg").unwrap_or(a).parse().ok()?;
        let part = |text: &str| text.strip_suffix('%')?.parse::<f64>().ok();
        from_hsl(hue, part(b)? / 100.0, part(c)? / 100.0)
    } else {
        [a.parse().ok()?, b.parse().ok()?, c.parse().ok()?]
    };
    let [red, green, blue] = channels.map(|channel| channel.round().clamp(0.0, 255.0));
    match alpha {
        Some(alpha) if alpha < 1.0 => {
            // LibSass writes six digits of an alpha.
            let alpha = format!("{alpha:.6}");
            let alpha = alpha.trim_end_matches('0').trim_end_matches('.');
            Some(format!("rgba({red}, {green}, {blue}, {alpha})"))
        }
        _ => {
            let digits: String = [red, green, blue]
                .iter()
                .map(|&channel| format!("{:02x}", channel as u8))
                .collect();
            Some(name_of(&digits).map_or_else(|| format!("#{digits}"), str::to_owned))
        }
    }
}

fn from_hsl(hue: f64, saturation: f64, lightness: f64) -> [f64; 3] {
    let hue = hue.rem_euclid(360.0) / 360.0;
    let high = if lightness <= 0.5 {
        lightness * (saturation + 1.0)
    } else {
        lightness + saturation - lightness * saturation
    };
    let low = lightness * 2.0 - high;
    let channel = |hue: f64| {
        let hue = hue.rem_euclid(1.0);
        let part = if hue * 6.0 < 1.0 {
            low + (high - low) * hue * 6.0
        } else if hue * 2.0 < 1.0 {
            high
        } else if hue * 3.0 < 2.0 {
            low + (high - low) * (2.0 / 3.0 - hue) * 6.0
        } else {
            low
        };
        part * 255.0
    };
    [channel(hue + 1.0 / 3.0), channel(hue), channel(hue - 1.0 / 3.0)]
}

/// The shortest spelling of a colour, for compressed CSS: of `#rrggbb`, `#rgb` and its name.
/// `None` for what is no colour.
pub(super) fn shortest(word: &str) -> Option<String> {
    let digits = match word.strip_prefix('#') {
        Some(hex) if hex.bytes().all(|byte| byte.is_ascii_hexdigit()) => match hex.len() {
            3 => hex.chars().flat_map(|digit| [digit, digit]).collect::<String>(),
            6 => hex.to_owned(),
            _ => return None,
        },
        Some(_) => return None,
        None => digits_of(word)?.to_owned(),
    };
    let digits = digits.to_ascii_lowercase();
    let pairs = [&digits[0..2], &digits[2..4], &digits[4..6]];
    let short = pairs.iter().all(|pair| pair[..1] == pair[1..]);
    let hex = if short {
        format!("#{}", pairs.iter().map(|pair| &pair[..1]).collect::<String>())
    } else {
        format!("#{digits}")
    };
    match name_of(&digits) {
        Some(name) if name.len() <= hex.len() => Some(name.to_owned()),
        _ => Some(hex),
    }
}
