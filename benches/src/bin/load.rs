//! How many small reads the mock's server holds, and what memory that takes: a server as a process of its own, and a
//! generator of requests on one thread beside it. Loopback alone, and for a bounded time.

use std::env;
use std::error::Error;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chrono::Utc;
use connectors_core::{Clock, RateLimits, SystemClock};
use connectors_mock::{MockBrandscopic, MockPlacer, MockQrTiger, MockServer, MockSmartsheet};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

const USAGE: &str = "\
Usage: load [--requests N] [--connections N] [--seconds N] [--only NAME]

Asks the mock's server for small reads of all four providers, one after the other on each connection.
  --requests N      all in all (default 200000, at most 20000000)
  --connections N   at once (default 64, at most 4000)
  --seconds N       ends it after so long (default 120, at most 3600)
  --only NAME       one kind of read alone, such as smartsheet.users.me
";

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

/// Latencies are counted in steps of 10 µs, up to a second.
const STEP: Duration = Duration::from_micros(10);
const STEPS: usize = 100_000;

struct Arguments {
    requests: u64,
    connections: u64,
    seconds: u64,
    only: Option<String>,
}

fn main() -> Outcome {
    let words: Vec<_> = env::args().skip(1).collect();
    if words == ["serve"] {
        return tokio::runtime::Runtime::new()?.block_on(serve());
    }
    let arguments = parse(words.into_iter())?;
    let mut server = Server::start()?;
    let reads: Vec<_> = server.reads(arguments.only.as_deref())?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    // What is only done once is not measured: until the journals are full, the server's memory grows.
    let few = Arguments { requests: 100_000.min(arguments.requests), only: None, ..arguments };
    runtime.block_on(generate(&server, &reads, &few))?;
    let figures = runtime.block_on(generate(&server, &reads, &arguments))?;
    figures.print();
    Ok(())
}

fn parse(mut words: impl Iterator<Item = String>) -> Outcome<Arguments> {
    let mut arguments = Arguments { requests: 200_000, connections: 64, seconds: 120, only: None };
    while let Some(flag) = words.next() {
        let value = words.next().ok_or(USAGE)?;
        let number = |most: u64| value.parse::<u64>().map(|number| number.clamp(1, most)).map_err(|_| USAGE);
        match flag.as_str() {
            "--requests" => arguments.requests = number(20_000_000)?,
            "--connections" => arguments.connections = number(4000)?,
            "--seconds" => arguments.seconds = number(3600)?,
            "--only" => arguments.only = Some(value),
            _ => return Err(USAGE.into()),
        }
    }
    Ok(arguments)
}

/// The server's side: tells where it listens and what can be read there, and ends when its input does.
async fn serve() -> Outcome {
    let clock: Arc<dyn Clock> = Arc::new(SystemClock);
    let now = Utc::now();
    let brandscopic = MockBrandscopic::builder().past_events(5).clock(Arc::clone(&clock)).build()?;
    let placer = MockPlacer::builder().clock(Arc::clone(&clock)).build()?;
    let smartsheet = MockSmartsheet::builder().clock(Arc::clone(&clock)).build()?;
    let qrtiger = MockQrTiger::builder().clock(clock).build()?;
    let code = qrtiger.fake().add("Menu", "https://example.com/menu", now);
    for name in ["Poster", "Flyer"] {
        qrtiger.fake().add(name, "https://example.com", now);
    }
    let event = brandscopic.fake().events().first().map(|event| event.id).ok_or("there is no event")?;
    let mounts = [
        ("/brandscopic", brandscopic.backend().clone()),
        ("/placer", placer.backend().clone()),
        ("/smartsheet", smartsheet.backend().clone()),
        ("/qrtiger", qrtiger.backend().clone()),
    ];
    for (_, backend) in &mounts {
        backend.quotas(RateLimits::none());
    }
    let server = MockServer::start(mounts).await?;
    println!("{}", server.address());
    println!("smartsheet.users.me /smartsheet/2.0/users/me");
    println!("smartsheet.sheets.get /smartsheet/2.0/sheets/{}", smartsheet.template_id());
    println!("qrtiger.campaigns.list /qrtiger/api/campaign?page=1&limit=20");
    println!("qrtiger.tracking.data /qrtiger/api/data/{code}?period=week&tz=Europe/Berlin");
    println!("brandscopic.events.get /brandscopic/v1/events/{event}");
    println!("placer.account.usage_status /placer/v1/accounts/keys/usage-status");
    println!();
    tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
    Ok(())
}

/// The server, as a process.
struct Server {
    child: Child,
    address: String,
    lines: Vec<String>,
}

impl Server {
    fn start() -> Outcome<Self> {
        let mut child =
            Command::new(env::current_exe()?).arg("serve").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let output = BufReader::new(child.stdout.take().ok_or("the server says nothing")?);
        let mut lines = Vec::new();
        for line in output.lines() {
            match line? {
                line if line.is_empty() => break,
                line => lines.push(line),
            }
        }
        let address = lines.first().cloned().ok_or("the server did not start")?;
        Ok(Self { child, address, lines })
    }

    /// The names of the reads, and the requests as they are sent.
    fn reads(&mut self, only: Option<&str>) -> Outcome<Vec<Arc<Reading>>> {
        let lines = self.lines.drain(..).skip(1);
        let read = |line: String| {
            let (name, path) = line.split_once(' ')?;
            let host = &self.address;
            let request = format!(
                "GET {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: load/1.0\r\nAccept: application/json\r\n\
                 Authorization: Bearer mock-key\r\nx-api-key: mock-key\r\n\r\n"
            );
            Some(Arc::new(Reading {
                name: name.to_owned(),
                request: request.into_bytes().into(),
                times: AtomicU64::new(0),
            }))
        };
        let all: Vec<_> = lines.filter_map(read).collect();
        let known = all.iter().map(|read| read.name.as_str()).collect::<Vec<_>>().join(", ");
        let wanted: Vec<_> = all.into_iter().filter(|read| only.is_none_or(|only| read.name == only)).collect();
        if wanted.is_empty() { Err(format!("there are {known}").into()) } else { Ok(wanted) }
    }

    /// The memory that the server has now, in KiB; nothing where the system does not tell.
    fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        line.split_whitespace().next()?.parse().ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

struct Reading {
    name: String,
    request: Box<[u8]>,
    times: AtomicU64,
}

/// What came of it.
struct Figures {
    took: Duration,
    latencies: Vec<u64>,
    answered: u64,
    failures: Vec<String>,
    failed: u64,
    memory: [Option<u64>; 3],
    reads: Vec<(String, u64)>,
}

impl Figures {
    #[expect(clippy::cast_precision_loss, clippy::cast_sign_loss, clippy::cast_possible_truncation, reason = "a share")]
    fn percentile(&self, share: f64) -> Duration {
        let wanted = (self.answered as f64 * share).ceil() as u64;
        let mut seen = 0;
        let reached = |count: &u64| {
            seen += count;
            seen >= wanted
        };
        STEP * u32::try_from(self.latencies.iter().position(reached).unwrap_or(STEPS) + 1).unwrap_or(u32::MAX)
    }

    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    fn print(&self) {
        let seconds = self.took.as_secs_f64();
        println!("{} requests in {seconds:.1} s: {:.0} per second", self.answered, self.answered as f64 / seconds);
        for (name, times) in &self.reads {
            println!("  {name}: {times}");
        }
        let percentiles = [0.5, 0.9, 0.99, 0.999, 1.0].map(|share| format!("{:?}", self.percentile(share)));
        println!("latency at 50, 90, 99, 99.9 and 100 %: at most {}", percentiles.join(", "));
        let shown = self.memory.map(|memory| memory.map_or("unknown".to_owned(), |kib| format!("{kib} KiB")));
        println!("memory of the server at the beginning, in the middle, at the end: {}", shown.join(", "));
        println!("failures: {}", self.failed);
        for failure in &self.failures {
            println!("  {failure}");
        }
    }
}

/// What one connection does.
struct Share {
    requests: u64,
    /// Which read it begins with.
    first: usize,
    until: Instant,
    latencies: Arc<[AtomicU64]>,
    answered: u64,
    failure: Option<String>,
}

async fn generate(server: &Server, reads: &[Arc<Reading>], arguments: &Arguments) -> Outcome<Figures> {
    for read in reads {
        read.times.store(0, Ordering::Relaxed);
    }
    let before = server.memory();
    let until = Instant::now() + Duration::from_secs(arguments.seconds);
    let mut connections = Vec::new();
    for _ in 0..arguments.connections {
        let stream = TcpStream::connect(&server.address).await?;
        stream.set_nodelay(true)?;
        connections.push(stream);
    }
    let started = Instant::now();
    let latencies: Arc<[_]> = (0..=STEPS).map(|_| AtomicU64::new(0)).collect();
    let mut running = JoinSet::new();
    for (number, stream) in connections.into_iter().enumerate() {
        let requests = arguments.requests / arguments.connections
            + u64::from((number as u64) < arguments.requests % arguments.connections);
        let latencies = Arc::clone(&latencies);
        let share = Share { requests, first: number, until, latencies, answered: 0, failure: None };
        running.spawn(converse(stream, reads.to_vec(), share));
    }
    let middle = async {
        loop {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let done: u64 = reads.iter().map(|read| read.times.load(Ordering::Relaxed)).sum();
            if done >= arguments.requests / 2 || Instant::now() >= until {
                return server.memory();
            }
        }
    };
    let all = async {
        let (mut answered, mut failures) = (0, Vec::new());
        while let Some(share) = running.join_next().await {
            let share = share?;
            answered += share.answered;
            failures.extend(share.failure);
        }
        Outcome::Ok((answered, failures, started.elapsed()))
    };
    let (middle, all) = tokio::join!(middle, all);
    let (answered, mut failures, took) = all?;
    let latencies = latencies.iter().map(|count| count.load(Ordering::Relaxed)).collect();
    let failed = failures.len() as u64;
    failures.truncate(5);
    let reads = reads.iter().map(|read| (read.name.clone(), read.times.load(Ordering::Relaxed))).collect();
    Ok(Figures { took, latencies, answered, failures, failed, memory: [before, middle, server.memory()], reads })
}

/// One request after the other, until there are enough or something goes wrong.
async fn converse(mut stream: TcpStream, reads: Vec<Arc<Reading>>, mut share: Share) -> Share {
    let mut buffer = Vec::with_capacity(16 << 10);
    for read in reads.iter().cycle().skip(share.first % reads.len().max(1)) {
        let asked = Instant::now();
        if share.answered >= share.requests || asked >= share.until {
            break;
        }
        match exchange(&mut stream, &read.request, &mut buffer).await {
            Ok(()) => {
                let step = usize::try_from(asked.elapsed().as_micros() / STEP.as_micros()).unwrap_or(STEPS).min(STEPS);
                if let Some(count) = share.latencies.get(step) {
                    count.fetch_add(1, Ordering::Relaxed);
                }
                share.answered += 1;
                read.times.fetch_add(1, Ordering::Relaxed);
            }
            Err(problem) => {
                share.failure = Some(format!("{}: {problem}", read.name));
                break;
            }
        }
    }
    share
}

/// Sends a request and reads its answer, which has to be 200 and say how long it is.
async fn exchange(stream: &mut TcpStream, request: &[u8], buffer: &mut Vec<u8>) -> Outcome {
    stream.write_all(request).await?;
    buffer.clear();
    let mut needed = usize::MAX;
    while buffer.len() < needed {
        if stream.read_buf(buffer).await? == 0 {
            return Err("the connection ended".into());
        }
        if needed == usize::MAX
            && let Some(end) = buffer.windows(4).position(|four| four == b"\r\n\r\n")
        {
            let head = String::from_utf8_lossy(buffer.get(..end).unwrap_or_default());
            if !head.starts_with("HTTP/1.1 200 ") {
                return Err(head.lines().next().unwrap_or_default().to_owned().into());
            }
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            needed = end + 4 + length.ok_or("it does not say how long it is")?.parse::<usize>()?;
        }
    }
    Ok(())
}
