//! The shortest way through a network of roads. Speaks JSON-RPC over stdin and stdout, one message a line.

mod json;

use json::Json;
use std::collections::{BTreeMap, BinaryHeap};
use std::io::{self, BufRead, Write};

fn main() -> io::Result<()> {
    for line in io::stdin().lock().lines() {
        let message = Json::read(&line?).unwrap_or(Json::Null);
        if message.get("method").text() == Some("execute") {
            let outcome = match shortest_path(message.get("params").get("job").get("data")) {
                Ok(result) => ("result", result),
                Err(text) => ("error", error(&text)),
            };
            return send([("id", message.get("id").clone()), outcome]);
        }
    }
    eprintln!("stdin ended before a job came");
    Ok(())
}

fn send<const N: usize>(members: [(&str, Json); N]) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    writeln!(stdout, "{}", Json::object(members).with("jsonrpc", Json::from("2.0")))?;
    stdout.flush()
}

/// A call that nobody waits for: without an id there is no answer.
fn notify(method: &str, params: Json) {
    if let Err(e) = send([("method", Json::from(method)), ("params", params)]) {
        eprintln!("{method}: {e}");
    }
}

/// What is wrong with the data is wrong at the next try too.
fn error(text: &str) -> Json {
    let data = Json::object([("type", Json::from("InvalidData")), ("retriable", Json::Bool(false))]);
    Json::object([("code", Json::from(-32000.0)), ("message", Json::from(text)), ("data", data)])
}

#[derive(PartialEq)]
struct Reached {
    distance: f64,
    place: String,
}

impl Eq for Reached {}

impl PartialOrd for Reached {
    fn partial_cmp(&self, other: &Reached) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Reached {
    /// The nearest is the greatest: so the heap gives it first.
    fn cmp(&self, other: &Reached) -> std::cmp::Ordering {
        other.distance.total_cmp(&self.distance).then_with(|| other.place.cmp(&self.place))
    }
}

fn shortest_path(data: &Json) -> Result<Json, String> {
    let roads = data.get("roads").members().ok_or("data.roads must be an object")?;
    let from = data.get("from").text().ok_or("data.from must be a text")?;
    let to = data.get("to").text().ok_or("data.to must be a text")?;

    let mut known: BTreeMap<String, (f64, String)> = BTreeMap::from([(from.to_string(), (0.0, String::new()))]);
    let mut next = BinaryHeap::from([Reached { distance: 0.0, place: from.to_string() }]);
    let mut visited = 0;
    while let Some(Reached { distance, place }) = next.pop() {
        if distance > known[&place].0 {
            continue; // a shorter way there was found meanwhile
        }
        visited += 1;
        let percent = 100.0 * f64::from(visited) / (roads.len().max(visited as usize) as f64);
        notify("ctx.progress", Json::object([("progress", percent.into()), ("message", Json::from(place.as_str()))]));
        if place == to {
            return Ok(answer(distance, to, &known));
        }
        for (neighbour, length) in roads.get(&place).and_then(Json::members).into_iter().flatten() {
            let length = length.number().filter(|length| *length >= 0.0);
            let there = distance + length.ok_or_else(|| format!("data.roads.{place}.{neighbour} must be a number from 0"))?;
            if known.get(neighbour).map_or(true, |(shortest, _)| there < *shortest) {
                known.insert(neighbour.clone(), (there, place.clone()));
                next.push(Reached { distance: there, place: neighbour.clone() });
            }
        }
    }
    Err(format!("there is no way from {from} to {to}"))
}

fn answer(distance: f64, to: &str, known: &BTreeMap<String, (f64, String)>) -> Json {
    let mut places = vec![Json::from(to)];
    let mut place = &known[to].1;
    while !place.is_empty() {
        places.push(Json::from(place.as_str()));
        place = &known[place].1;
    }
    places.reverse();
    let metadata = Json::object([("places", Json::from(places.len() as f64))]);
    notify(
        "ctx.logger.log",
        Json::object([("level", "info".into()), ("message", "way found".into()), ("metadata", metadata)]),
    );
    Json::object([("distance", distance.into()), ("places", Json::Array(places))])
}
