//! `globus-emulator snapshot` and `globus-emulator seed`: speaking to an emulator that runs.

use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use globus_emulator::Seed;

/// Where the emulator is that is meant.
#[derive(Debug, Args)]
struct Running {
    /// URL of the emulator
    #[arg(long, env = "GLOBUS_SDK_SERVICE_URL_AUTH", default_value = "http://127.0.0.1:9700/")]
    url: String,
}

const SNAPSHOT_EXAMPLES: &str = "\
Examples:
  globus-emulator snapshot before.json
      Write down what the emulator on port 9700 knows: people, tokens, groups, flows, runs, tasks.
  globus-emulator snapshot --restore before.json
      Let it go back to that. Files on collections stay as they are.
  globus-emulator snapshot --url http://127.0.0.1:9800/ | globus-emulator snapshot --restore -
      Let one emulator go where another is.

A snapshot holds tokens and secrets.";

const SEED_EXAMPLES: &str = "\
Examples:
  globus-emulator seed --print > world.json
      See who and what is in the world, and what a document can say.
  echo '{\"groups\": [{\"id\": \"00000000-0000-4000-8000-000000000001\", \"name\": \"Mine\"}]}' |
      globus-emulator seed -
      Add a group to the emulator on port 9700.
  globus-emulator seed --check my-lab.json
      Find mistakes without an emulator. `serve --seed my-lab.json` begins with it.";

/// Arguments of `snapshot`.
#[derive(Debug, Args)]
#[command(after_help = SNAPSHOT_EXAMPLES)]
pub(crate) struct Snapshot {
    /// File to write; without one, or with `-`, standard output
    file: Option<PathBuf>,
    /// Let the emulator go back to what FILE has (`-` for standard input), instead of writing one
    #[arg(long, requires = "file")]
    restore: bool,
    #[command(flatten)]
    running: Running,
}

/// Arguments of `seed`.
#[derive(Debug, Args)]
#[command(after_help = SEED_EXAMPLES)]
pub(crate) struct SeedFile {
    /// Seed document to add to the world of a running emulator; `-` for standard input
    #[arg(required_unless_present = "print")]
    file: Option<PathBuf>,
    /// Print the document of the world in which an emulator starts, to read or to begin from
    #[arg(long, conflicts_with = "file")]
    print: bool,
    /// Only say whether the document can be read
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    running: Running,
}

/// Writes or restores a snapshot.
pub(crate) async fn snapshot(args: Snapshot) -> io::Result<ExitCode> {
    let file = args.file.as_deref().filter(|file| *file != Path::new("-"));
    if args.restore {
        let text = read(file)?;
        args.running.ask("restore", Some(text)).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let text = args.running.ask("snapshot", None).await?;
    match file {
        Some(file) => write_private(file, &text)?,
        None => writeln!(io::stdout(), "{text}")?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Adds to the world of a running emulator.
pub(crate) async fn seed(args: SeedFile) -> io::Result<ExitCode> {
    if args.print {
        io::stdout().write_all(Seed::STANDARD.as_bytes())?;
        return Ok(ExitCode::SUCCESS);
    }
    let file = args.file.as_deref().filter(|file| *file != Path::new("-"));
    let text = read(file)?;
    load(file, &text)?;
    if !args.check {
        args.running.ask("seed", Some(text)).await?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Reads a seed document; an error names the file and the place in it.
pub(crate) fn load(file: Option<&Path>, text: &str) -> io::Result<Seed> {
    Seed::from_json(text).map_err(|error| {
        let file = file.map_or_else(|| "standard input".to_owned(), |file| file.display().to_string());
        io::Error::new(io::ErrorKind::InvalidData, format!("{file}: {error}"))
    })
}

/// Reads a file, or standard input.
pub(crate) fn read(file: Option<&Path>) -> io::Result<String> {
    let Some(file) = file else {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    };
    std::fs::read_to_string(file).map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", file.display())))
}

/// Writes a file that only its owner can read: a snapshot holds tokens and secrets.
fn write_private(file: &Path, text: &str) -> io::Result<()> {
    let named = |error: io::Error| {
        let told = match error.kind() {
            io::ErrorKind::NotFound => "there is no such folder".to_owned(),
            // Without the name that the file would have had for a moment.
            kind => kind.to_string(),
        };
        io::Error::new(error.kind(), format!("{}: {told}", file.display()))
    };
    // What a link leads to is written; what is no file, such as /dev/stdout, stays what it is.
    let found = file.canonicalize();
    let file = found.as_deref().unwrap_or(file);
    if file.metadata().is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        let mut opened = std::fs::OpenOptions::new().write(true).open(file).map_err(named)?;
        return opened.write_all(text.as_bytes()).map_err(named);
    }
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    // A temporary file is its owner's only; it takes the place of what was there once it is whole.
    let mut new = tempfile::NamedTempFile::new_in(folder.unwrap_or(Path::new("."))).map_err(named)?;
    new.write_all(text.as_bytes()).map_err(named)?;
    new.persist(file).map_err(|error| named(error.error))?;
    Ok(())
}

impl Running {
    /// Asks a control route, and gives its document.
    async fn ask(&self, route: &str, body: Option<String>) -> io::Result<String> {
        let url = format!("{}/_emulator/{route}", self.url.trim_end_matches('/'));
        // It is on this machine.
        let client = reqwest::Client::builder()
            .no_proxy()
            .build()
            .map_err(io::Error::other)?;
        let request = match body {
            Some(body) => client.post(&url).body(body),
            None => client.get(&url),
        };
        let unreachable = |error: reqwest::Error| {
            let message = format!("no emulator answers at {}: {}", self.url, error.without_url());
            io::Error::new(io::ErrorKind::NotConnected, message)
        };
        let answer = request.send().await.map_err(unreachable)?;
        let status = answer.status();
        let text = answer.text().await.map_err(unreachable)?;
        if status.is_success() {
            return Ok(text);
        }
        let document: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        let what = document["error"].as_str().unwrap_or("it is no emulator").to_owned();
        Err(io::Error::new(
            io::ErrorKind::InvalidData,
            format!("{}: {what}", self.url),
        ))
    }
}
