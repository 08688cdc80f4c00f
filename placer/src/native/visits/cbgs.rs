//! `POST /v1/reports/visit-metrics/cbgs`
