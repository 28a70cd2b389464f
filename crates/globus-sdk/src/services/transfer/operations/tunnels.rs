//! Operations of [`TransferClient`] on tunnels; most of them [`TransferClientV2`] has too.

use globus_sdk_macros::service;

use crate::models::{StreamAccessPointId, TunnelId};
use crate::scopes::TransferScopes;
use crate::services::transfer::{
    CreateTunnelData, StreamAccessPointEnvelope, TransferClient, TransferClientV2, Tunnel, TunnelEnvelope, TunnelEvent,
    TunnelUpdateDocument, checks, errors,
};

#[service(reference = "https://transfer.api.globus.org/v2/openapi.json", scope = TransferScopes::ALL,
    errors = [UNPROCESSABLE])]
impl TransferClient {
    /// Lists the caller's tunnels.
    #[get("/v2/tunnels", page = JsonApi("data"), also = [TransferClientV2], reference = "#/paths/~1tunnels/get")]
    fn list_tunnels() -> Tunnel;

    /// Creates a tunnel between two stream access points. Unless the document has a `submission_id`, one is drawn and kept,
    /// so that no second tunnel is made when the request is repeated.
    #[post("/v2/tunnels", before = FreshUuid("/data/attributes/submission_id"), check = checks::tunnel,
        errors = [UNPROCESSABLE], reference = "#/paths/~1tunnels/post")]
    fn create_tunnel(
        /// Which stream access points, and for how long.
        #[document]
        data: Json<CreateTunnelData>,
    ) -> TunnelEnvelope;

    /// Reads a tunnel, and how far it has come.
    #[get("/v2/tunnels/{tunnel_id}", also = [TransferClientV2], reference = "#/paths/~1tunnels~1{tunnel_uuid}/get")]
    fn get_tunnel(
        /// The tunnel to read.
        tunnel_id: TunnelId,
    ) -> TunnelEnvelope;

    /// Tells a tunnel where its listening program is, gives it another label, or closes it.
    #[patch("/v2/tunnels/{tunnel_id}", idempotency = Repeatable, also = [TransferClientV2],
        reference = "#/paths/~1tunnels~1{tunnel_uuid}/patch")]
    fn update_tunnel(
        /// The tunnel to change.
        tunnel_id: TunnelId,
        /// The attributes that change: `label`, `listener_ip_address`, `listener_port`, or `state` to close it.
        #[document]
        update_doc: Json<TunnelUpdateDocument>,
    ) -> TunnelEnvelope;

    /// Deletes a tunnel that is closed.
    #[delete("/v2/tunnels/{tunnel_id}", also = [TransferClientV2],
        reference = "#/paths/~1tunnels~1{tunnel_uuid}/delete")]
    fn delete_tunnel(
        /// The tunnel to delete.
        tunnel_id: TunnelId,
    ) -> TunnelEnvelope;

    /// Lists what happened to a tunnel, oldest first.
    #[get("/v2/tunnels/{tunnel_id}/events", page = JsonApi("data"), also = [TransferClientV2],
        reference = "#/paths/~1tunnels~1{tunnel_uuid}~1events/get")]
    fn get_tunnel_events(
        /// The tunnel whose course is wanted.
        tunnel_id: TunnelId,
    ) -> TunnelEvent;

    /// Reads a stream access point, at which tunnels begin or end.
    #[get("/v2/stream_access_points/{stream_ap_id}", also = [TransferClientV2],
        reference = "#/paths/~1stream_access_points~1{stream_access_point_uuid}/get")]
    fn get_stream_access_point(
        /// The stream access point to read.
        stream_ap_id: StreamAccessPointId,
    ) -> StreamAccessPointEnvelope;
}
