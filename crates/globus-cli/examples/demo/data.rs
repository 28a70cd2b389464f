//! Alice copies a folder from one collection to another.

use std::error::Error;
use std::path::Path;

use globus_sdk::services::transfer::{Endpoint, TransferData};

use crate::person::Desk;
use crate::{Stage, expect, progress, step};

const FROM: &str = "Globus Tutorial Collection 1";
const TO: &str = "Globus Tutorial Collection 2";
const FOLDER: &str = "/home/share/pictures/";
const FILES: usize = 60;
const FILE_BYTES: usize = 4 << 20;

pub(crate) async fn play(stage: &Stage, alice: &Desk) -> Result<(), Box<dyn Error>> {
    step("She looks for the two tutorial collections.");
    let transfer = &alice.transfer;
    let found = transfer.endpoint_search().filter_fulltext("tutorial").items();
    let found: Vec<Endpoint> = found.try_collect().await?;
    let id = |name: &str| {
        let mut named = found
            .iter()
            .filter(|endpoint| endpoint.display_name.as_deref() == Some(name));
        named
            .next()
            .and_then(|endpoint| endpoint.id.clone())
            .ok_or_else(|| format!("there is no {name}"))
    };
    let (from, to) = (id(FROM)?, id(TO)?);
    say!("  {from} {FROM}\n  {to} {TO}");
    let source = stage
        .emulator
        .folder(from.as_str())?
        .join(FOLDER.trim_start_matches('/'));
    take_pictures(&source)?;

    step("She lists a folder. Her files want a consent of their own, for which she is asked once.");
    transfer.add_app_data_access_scope([&from, &to])?;
    let listing = transfer.operation_ls(&from).path(FOLDER).orderby(["name ASC"]).await?;
    let sizes: Vec<u64> = listing.iter().filter_map(|entry| entry.size).collect();
    let bytes: u64 = sizes.iter().sum();
    say!("  {FOLDER}: {} files, {}", sizes.len(), indicatif::HumanBytes(bytes));
    expect(sizes.len() == FILES, "all pictures are listed")?;

    step("She has the folder copied.");
    let mut data = TransferData::new(&from, &to);
    data.label = Some("Pictures".to_owned());
    data.add_item(FOLDER, "/~/pictures/", true);
    let task_id = transfer
        .submit_transfer(&data)
        .await?
        .into_inner()
        .task_id
        .ok_or("the task has no id")?;
    let outcome = progress::follow(stage, transfer, &task_id, bytes, FILES).await?;
    say!("  {outcome}");
    expect(outcome.is_success(), "the task succeeds")?;

    step("Byte for byte, what arrived is what was sent.");
    let destination = stage.emulator.folder(to.as_str())?;
    let arrived = transfer.operation_ls(&to).path("/~/pictures/").await?;
    let home = arrived
        .get::<String>("absolute_path")
        .ok_or("the listing does not say where it is")?;
    let destination = destination.join(home.trim_start_matches('/'));
    for picture in std::fs::read_dir(&source)? {
        let picture = picture?;
        let same = std::fs::read(picture.path())? == std::fs::read(destination.join(picture.file_name()))?;
        expect(same, "the copy equals the picture")?;
    }
    say!("  {FILES} files compared, all equal");
    Ok(())
}

/// Files with contents of their own.
fn take_pictures(folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let mut picture: Vec<u8> = (0..=250).cycle().take(FILE_BYTES).collect();
    for number in 0..FILES {
        std::fs::write(folder.join(format!("picture-{number:02}.raw")), &picture)?;
        picture.rotate_left(1);
    }
    Ok(())
}
