//! Operations of [`TransferClientV2`](super::super::TransferClientV2) that `TransferClient` does not have alike.

pub mod bookmarks;
pub mod streams;
