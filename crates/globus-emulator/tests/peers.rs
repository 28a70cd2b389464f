//! Clients of others against the emulator, unmodified. `GLOBUS_PYTHON` names a Python that has `globus_sdk`; the default is
//! `python3`. `GLOBUS_NODE_MODULES` names a folder `node_modules` that has `@globus/sdk`; there is no default.

#[path = "peers/python.rs"]
mod python;

use std::process::{Command, Stdio};

use globus_emulator::{Emulator, seed};

use self::python::{python, skipped};

/// Runs a command as Alice, with nothing on its input.
fn as_alice(command: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_globus-emulator"))
        .args(["run", "--as", "alice", "--"])
        .args(command)
        .env_remove("GLOBUS_SDK_ENVIRONMENT")
        .env_remove("GLOBUS_PROFILE")
        .stdin(Stdio::null())
        .output()
        .expect("the program runs");
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success() && out.contains("all is well"), "{out}\n{err}");
}

#[cfg(unix)]
#[test]
fn people_log_in_with_the_python_sdk() {
    match python("globus_sdk") {
        Ok(python) => as_alice(&[
            &python,
            concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/python_login.py"),
        ]),
        Err(why) => skipped(&format!("the Python SDK is not there ({why}); set GLOBUS_PYTHON")),
    }
}

/// The example that opens a browser, which `run --as` is.
#[cfg(unix)]
#[test]
fn our_own_local_server_login() {
    let test = std::env::current_exe().expect("this test");
    let profile = test.ancestors().nth(2).expect("the folder of the profile");
    let mut build = Command::new(env!("CARGO"));
    build
        .args([
            "build",
            "--quiet",
            "--package",
            "globus-sdk",
            "--example",
            "local_server_login",
        ])
        .arg("--target-dir")
        .arg(profile.parent().expect("the target folder"));
    if profile.ends_with("release") {
        build.arg("--release");
    }
    assert!(build.status().expect("cargo runs").success());
    let example = profile.join("examples").join("local_server_login");
    as_alice(&["sh", "-c", "\"$0\" && echo all is well", &example.to_string_lossy()]);
}

/// The command line client, if it is there.
#[cfg(unix)]
fn command_line_client() -> Option<String> {
    let python = std::env::var("GLOBUS_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let globus = std::path::Path::new(&python).with_file_name("globus");
    if globus.is_absolute() && globus.exists() {
        return Some(globus.to_string_lossy().into_owned());
    }
    skipped("globus-cli is not beside GLOBUS_PYTHON");
    None
}

/// Runs a script of the command line client as Alice.
#[cfg(unix)]
fn with_command_line_client(script: &str) {
    if let Some(globus) = command_line_client() {
        as_alice(&["sh", script, &globus]);
    }
}

#[cfg(unix)]
#[test]
fn people_log_in_with_the_command_line_client() {
    with_command_line_client(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/cli_login.sh"));
}

/// What `--help` shows of `run`, word for word.
#[cfg(unix)]
#[test]
fn the_examples_of_the_help_work() {
    let Some(globus) = command_line_client() else { return };
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_globus-emulator"));
    let home = tempfile::tempdir().expect("a folder");
    for (name, content) in [
        ("my_script.py", "import os; assert os.environ['GLOBUS_CLIENT_SECRET']\n"),
        (
            "Makefile",
            "test:\n\ttest -f data/here && test -n \"$$GLOBUS_SDK_SERVICE_URL_AUTH\"\n",
        ),
        ("data/here", ""),
    ] {
        let file = home.path().join(name);
        std::fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
        std::fs::write(file, content).expect("a file");
    }
    let folders = [std::path::Path::new(&globus).parent(), program.parent()];
    let mut path: Vec<std::path::PathBuf> = folders.into_iter().flatten().map(Into::into).collect();
    path.extend(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()));
    let path = std::env::join_paths(path).expect("a path");
    let mut ran = 0;
    for page in [&["--help"][..], &["run", "--help"]] {
        let help = Command::new(program).args(page).output().expect("the program runs");
        let help = String::from_utf8_lossy(&help.stdout).into_owned();
        let examples = help.lines().filter(|line| line.starts_with("  globus-emulator run "));
        for example in examples {
            let output = Command::new("sh")
                .args(["-c", example])
                .current_dir(home.path())
                .env("PATH", &path)
                .stdin(Stdio::null())
                .output()
                .expect("a shell");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert!(output.status.success(), "{example}: {said}");
            ran += 1;
        }
    }
    assert_eq!(ran, 5, "the help has other examples");
}

#[cfg(unix)]
#[test]
fn people_run_flows_with_the_command_line_client() {
    with_command_line_client(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/cli_flows.sh"));
}

#[cfg(unix)]
#[test]
fn people_run_flows_with_the_python_sdk() {
    match python("globus_sdk") {
        Ok(python) => as_alice(&[
            &python,
            concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/python_flows.py"),
        ]),
        Err(why) => skipped(&format!("the Python SDK is not there ({why}); set GLOBUS_PYTHON")),
    }
}

#[cfg(unix)]
#[test]
fn one_session_of_the_command_line_client_serves_its_leaf_commands() {
    if command_line_client().is_some() {
        let python = std::env::var("GLOBUS_PYTHON").unwrap_or_default();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/cli_session.py");
        as_alice(&[&python, script]);
    }
}

/// The folder with the JavaScript SDK, or why there is none.
fn node_modules() -> Result<std::path::PathBuf, String> {
    let node = Command::new("node").arg("--version").stdin(Stdio::null()).output();
    node.map_err(|error| format!("node: {error}"))?;
    let folder = std::env::var_os("GLOBUS_NODE_MODULES").ok_or("GLOBUS_NODE_MODULES is not set")?;
    let folder = std::path::PathBuf::from(folder);
    if folder.join("@globus/sdk").is_dir() {
        Ok(folder)
    } else {
        Err(format!("{} has no @globus/sdk", folder.display()))
    }
}

#[test]
fn the_javascript_sdk_logs_in_and_moves_a_file() {
    match node_modules() {
        Ok(folder) => {
            let emulator = Emulator::builder().start_now().expect("an emulator");
            let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/javascript.cjs");
            as_program(&emulator, Command::new("node").arg(script).env("NODE_PATH", folder));
        }
        Err(why) => skipped(&format!("the JavaScript SDK is not there ({why})")),
    }
}

/// Runs a command as the seeded program, with nothing on its input.
fn as_program(emulator: &Emulator, command: &mut Command) {
    let home = tempfile::tempdir().expect("a folder");
    let output = command
        .envs(emulator.env())
        .env("GLOBUS_CLI_CLIENT_ID", seed::CLIENT_ID)
        .env("GLOBUS_CLI_CLIENT_SECRET", seed::CLIENT_SECRET)
        .env("GLOBUS_CLIENT_ID", seed::CLIENT_ID)
        .env("GLOBUS_CLIENT_SECRET", seed::CLIENT_SECRET)
        .env("OTHER_CLIENT_ID", seed::RESOURCE_SERVER_ID)
        .env("OTHER_CLIENT_SECRET", seed::RESOURCE_SERVER_SECRET)
        .env("HOME", home.path())
        .env("NO_PROXY", "127.0.0.1")
        .env("no_proxy", "127.0.0.1")
        .env_remove("GLOBUS_SDK_ENVIRONMENT")
        .env_remove("GLOBUS_PROFILE")
        .stdin(Stdio::null())
        .output()
        .expect("the command runs");
    let (out, err) = (
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    assert!(output.status.success() && out.contains("all is well"), "{out}\n{err}");
}

#[test]
fn the_python_sdk_runs_a_program_and_a_groups_life() {
    with_python_sdk(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/python_sdk.py"));
}

#[cfg(unix)]
#[test]
fn the_python_sdk_moves_files() {
    with_python_sdk(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/python_transfer.py"));
}

/// Runs a script of the Python SDK as the seeded program.
fn with_python_sdk(script: &str) {
    match python("globus_sdk") {
        Ok(python) => {
            let emulator = Emulator::builder().start_now().expect("an emulator");
            as_program(&emulator, Command::new(python).arg(script));
        }
        Err(why) => skipped(&format!("the Python SDK is not there ({why}); set GLOBUS_PYTHON")),
    }
}

#[cfg(unix)]
#[test]
fn the_command_line_client_moves_files() {
    let Some(globus) = command_line_client() else { return };
    let emulator = Emulator::builder().start_now().expect("an emulator");
    let collections = [
        seed::CLIENT_COLLECTION,
        seed::TUTORIAL_COLLECTION_1,
        seed::TUTORIAL_COLLECTION_2,
    ];
    let folders = collections.map(|id| emulator.folder(id).expect("a folder"));
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/cli_transfer.sh");
    as_program(&emulator, Command::new("sh").arg(script).arg(globus).args(folders));
}

#[cfg(unix)]
#[test]
fn every_method_of_auth_is_called_with_the_python_sdk() {
    match python("globus_sdk") {
        Ok(python) => as_alice(&[
            &python,
            concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/python_auth.py"),
        ]),
        Err(why) => skipped(&format!("the Python SDK is not there ({why}); set GLOBUS_PYTHON")),
    }
}

#[test]
fn every_method_of_groups_is_called_with_the_python_sdk() {
    with_python_sdk(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/python_groups.py"));
}

#[cfg(unix)]
#[test]
fn the_python_sdk_and_the_command_line_client_manage_collections() {
    let Ok(python) = python("globus_sdk") else {
        return skipped("the Python SDK is not there; set GLOBUS_PYTHON");
    };
    let emulator = Emulator::builder().start_now().expect("an emulator");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/python_gcs.py");
    as_program(&emulator, Command::new(python).arg(script));
    // The program administers the endpoint from here on.
    let Some(globus) = command_line_client() else { return };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/cli_gcs.sh");
    as_program(&emulator, Command::new("sh").arg(script).arg(globus));
}

/// Each call of a table, to the emulator and to the other fake of Globus: the same, or a difference that is listed.
#[test]
fn fauxbus_answers_the_same_but_for_what_is_listed() {
    let python = match python("fauxbus") {
        Ok(python) => python,
        Err(why) => {
            return skipped(&format!(
                "fauxbus is not there ({why}); install it beside the Python SDK"
            ));
        }
    };
    let emulator = Emulator::builder().start_now().expect("an emulator");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/peers/fauxbus_calls.py");
    as_program(&emulator, Command::new(python).arg(script));
}
