//! Operations of [`TransferClientV2`] on tunnels and stream access points.

use globus_sdk_macros::service;

use crate::scopes::TransferScopes;
use crate::services::transfer::{StreamAccessPoint, TransferClientV2, TunnelCreateDocument, TunnelEnvelope};

#[service(reference = "https://docs.globus.org/api/transfer/")]
impl TransferClientV2 {
    /// Creates a tunnel between two stream access points. The document brings its submission id; none is drawn here.
    #[post("/v2/tunnels", scope = TransferScopes::ALL)]
    fn create_tunnel(
        /// Which stream access points, and for how long.
        #[document]
        data: Json<TunnelCreateDocument>,
    ) -> TunnelEnvelope;

    /// Lists the stream access points that the caller can see.
    #[get("/v2/stream_access_points", scope = TransferScopes::ALL, page = JsonApi("data"))]
    fn list_stream_access_points() -> StreamAccessPoint;
}
