//! Operations of [`TransferClientV2`] on tunnels and stream access points.

use globus_sdk_macros::service;

use crate::scopes::TransferScopes;
use crate::services::transfer::{
    StreamAccessPoint, TransferClientV2, TunnelCreateDocument, TunnelEnvelope, checks, errors,
};

#[service(reference = "https://transfer.api.globus.org/v2/openapi.json", scope = TransferScopes::ALL)]
impl TransferClientV2 {
    /// Creates a tunnel between two stream access points. The document brings its submission id; none is drawn here.
    #[post("/v2/tunnels", check = checks::tunnel, errors = [UNPROCESSABLE], reference = "#/paths/~1tunnels/post")]
    fn create_tunnel(
        /// Which stream access points, and for how long.
        #[document]
        data: Json<TunnelCreateDocument>,
    ) -> TunnelEnvelope;

    /// Lists the stream access points that the caller can see.
    #[get("/v2/stream_access_points", page = JsonApi("data"), errors = [UNPROCESSABLE],
        reference = "#/paths/~1stream_access_points/get")]
    fn list_stream_access_points() -> StreamAccessPoint;
}
