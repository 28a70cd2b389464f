//! Cases of `TransferClientV2`.

use globus_sdk::services::transfer::*;

use super::*;

#[rustfmt::skip]
pub(super) static CASES: &[Case] = cases! {
    TransferClientV2 {
        list_tunnels()[];
        create_tunnel(data: TunnelCreateDocument)[];
        get_tunnel(tunnel_id: TunnelId)[];
        update_tunnel(tunnel_id: TunnelId, update_doc: TunnelUpdateDocument)[];
        delete_tunnel(tunnel_id: TunnelId)[];
        get_tunnel_events(tunnel_id: TunnelId)[];
        list_stream_access_points()[] pages;
        get_stream_access_point(stream_ap_id: StreamAccessPointId)[];
        list_bookmarks()[];
        create_bookmark(data: BookmarkCreateDocument)[];
        get_bookmark(bookmark_id: BookmarkId)[];
        update_bookmark(bookmark_id: BookmarkId, update_document: BookmarkUpdateDocument)[];
        delete_bookmark(bookmark_id: BookmarkId)[];
    }
};
