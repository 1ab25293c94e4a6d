//! JSON: reading into a value, and writing. It stands for serde_json, so that this example builds without a network.

use std::collections::BTreeMap;
use std::fmt::{self, Display, Write};

const DEEPEST: usize = 512;

#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    /// As it was written, so that an id goes back unchanged.
    Number(String),
    Text(String),
    Array(Vec<Json>),
    Object(BTreeMap<String, Json>),
}

impl Json {
    pub fn read(text: &str) -> Result<Json, String> {
        let mut reader = Reader { bytes: text.as_bytes(), at: 0, depth: 0 };
        let value = reader.value()?;
        match reader.peek() {
            None => Ok(value),
            Some(_) => Err(reader.wrong("nothing more")),
        }
    }

    pub fn object<const N: usize>(members: [(&str, Json); N]) -> Json {
        Json::Object(members.into_iter().map(|(name, value)| (name.to_string(), value)).collect())
    }

    /// A member of an object, else null.
    pub fn get(&self, name: &str) -> &Json {
        match self {
            Json::Object(members) => members.get(name).unwrap_or(&Json::Null),
            _ => &Json::Null,
        }
    }

    pub fn with(mut self, name: &str, value: Json) -> Json {
        if let Json::Object(members) = &mut self {
            members.insert(name.to_string(), value);
        }
        self
    }

    pub fn members(&self) -> Option<&BTreeMap<String, Json>> {
        if let Json::Object(members) = self { Some(members) } else { None }
    }

    pub fn text(&self) -> Option<&str> {
        if let Json::Text(text) = self { Some(text) } else { None }
    }

    pub fn number(&self) -> Option<f64> {
        if let Json::Number(digits) = self { digits.parse().ok() } else { None }
    }
}

impl From<f64> for Json {
    fn from(value: f64) -> Json {
        if value.is_finite() { Json::Number(value.to_string()) } else { Json::Null }
    }
}

impl From<&str> for Json {
    fn from(value: &str) -> Json {
        Json::Text(value.to_string())
    }
}

impl Display for Json {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Json::Null => out.write_str("null"),
            Json::Bool(value) => write!(out, "{value}"),
            Json::Number(digits) => out.write_str(digits),
            Json::Text(text) => quote(text, out),
            Json::Array(items) => {
                out.write_char('[')?;
                for (index, item) in items.iter().enumerate() {
                    write!(out, "{}{item}", if index > 0 { "," } else { "" })?;
                }
                out.write_char(']')
            }
            Json::Object(members) => {
                out.write_char('{')?;
                for (index, (name, value)) in members.iter().enumerate() {
                    out.write_str(if index > 0 { "," } else { "" })?;
                    quote(name, out)?;
                    write!(out, ":{value}")?;
                }
                out.write_char('}')
            }
        }
    }
}

fn quote(text: &str, out: &mut fmt::Formatter) -> fmt::Result {
    out.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' | '\\' => write!(out, "\\{c}")?,
            c if c < ' ' => write!(out, "\\u{:04x}", c as u32)?,
            c => out.write_char(c)?,
        }
    }
    out.write_char('"')
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn value(&mut self) -> Result<Json, String> {
        match self.peek() {
            Some(b'{') | Some(b'[') if self.depth == DEEPEST => Err(self.wrong("at most 512 levels")),
            Some(b'{') => self.object(),
            Some(b'[') => self.array(),
            Some(b'"') => self.string().map(Json::Text),
            _ => self.word(),
        }
    }

    fn object(&mut self) -> Result<Json, String> {
        let mut members = BTreeMap::new();
        self.depth += 1;
        self.expect(b'{')?;
        if self.peek() != Some(b'}') {
            loop {
                self.peek();
                let name = self.string()?;
                self.expect(b':')?;
                members.insert(name, self.value()?);
                if !self.skip(b',') {
                    break;
                }
            }
        }
        self.expect(b'}')?;
        self.depth -= 1;
        Ok(Json::Object(members))
    }

    fn array(&mut self) -> Result<Json, String> {
        let mut items = Vec::new();
        self.depth += 1;
        self.expect(b'[')?;
        if self.peek() != Some(b']') {
            loop {
                items.push(self.value()?);
                if !self.skip(b',') {
                    break;
                }
            }
        }
        self.expect(b']')?;
        self.depth -= 1;
        Ok(Json::Array(items))
    }

    fn word(&mut self) -> Result<Json, String> {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().take_while(|b| b.is_ascii_alphanumeric() || b"+-.".contains(b)).count();
        let word = std::str::from_utf8(&rest[..length]).unwrap_or_default();
        let value = match word {
            "null" => Json::Null,
            "true" => Json::Bool(true),
            "false" => Json::Bool(false),
            _ if is_number(word) => Json::Number(word.to_string()),
            _ => return Err(self.wrong("a value")),
        };
        self.at += length;
        Ok(value)
    }

    fn string(&mut self) -> Result<String, String> {
        self.expect(b'"')?;
        let mut units = Vec::new(); // UTF-16, in which JSON writes what it escapes
        loop {
            let start = self.at;
            while !matches!(self.bytes.get(self.at), None | Some(b'"' | b'\\' | 0..=0x1f)) {
                self.at += 1;
            }
            // Both ends are ASCII, so that no character is cut
            let plain = std::str::from_utf8(&self.bytes[start..self.at]).map_err(|e| e.to_string())?;
            units.extend(plain.encode_utf16());
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(String::from_utf16_lossy(&units));
                }
                Some(b'\\') => units.push(self.escape()?),
                _ => return Err(self.wrong("the rest of a text")),
            }
        }
    }

    fn escape(&mut self) -> Result<u16, String> {
        self.at += 2;
        let unit = match self.bytes.get(self.at - 1) {
            Some(c @ (b'"' | b'\\' | b'/')) => *c as u16,
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'n') => 10,
            Some(b'r') => 13,
            Some(b't') => 9,
            Some(b'u') => {
                let digits = self.bytes.get(self.at..self.at + 4).and_then(|four| std::str::from_utf8(four).ok());
                self.at += 4;
                let unit = digits.filter(|four| four.bytes().all(|b| b.is_ascii_hexdigit()));
                unit.and_then(|four| u16::from_str_radix(four, 16).ok()).ok_or_else(|| self.wrong("four digits"))?
            }
            _ => return Err(self.wrong("an escape sequence")),
        };
        Ok(unit)
    }

    fn peek(&mut self) -> Option<u8> {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
            self.at += 1;
        }
        self.bytes.get(self.at).copied()
    }

    fn skip(&mut self, expected: u8) -> bool {
        let there = self.peek() == Some(expected);
        self.at += there as usize;
        there
    }

    fn expect(&mut self, expected: u8) -> Result<(), String> {
        if self.skip(expected) { Ok(()) } else { Err(self.wrong(&format!("'{}'", expected as char))) }
    }

    fn wrong(&self, must: &str) -> String {
        format!("not JSON: at byte {} there must be {must}", self.at)
    }
}

fn is_number(word: &str) -> bool {
    let digits = word.strip_prefix('-').unwrap_or(word);
    let leading_zero = digits.len() > 1 && digits.starts_with('0') && digits.as_bytes()[1].is_ascii_digit();
    let ends = digits.ends_with('.') || digits.contains(".e") || digits.contains(".E");
    digits.starts_with(|c: char| c.is_ascii_digit()) && !leading_zero && !ends && word.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn what_is_read_is_written() {
        for text in ["null", "[1,-2.5e3,true]", r#"{"a":{"b":["\"\\",""]}}"#, r#""é😀""#, "18446744073709551616"] {
            assert_eq!(Json::read(text).unwrap().to_string(), text);
        }
        assert_eq!(Json::read(r#" "\u00e9\ud83d\ude00\n" "#).unwrap(), Json::from("é😀\n"));
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in ["", "nul", "01", "1.", ".5", "+1", "inf", "[1,]", "{\"a\"}", "\"a", "\"\\x\"", "\"\\u12g4\"", "1 2", "\"\n\""] {
            assert!(Json::read(text).is_err(), "{text:?}");
        }
        assert!(Json::read(&"[".repeat(100_000)).is_err());
    }
}
