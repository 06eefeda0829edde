//! A carrier's message centre over SMPP 3.4: one connection, UCS-2, long texts in parts, receipts.

use super::{
    Found, Limits, Report, SmsVendor, Text, bytes,
    receipt::{Receipt, receipt},
    text::korean,
};
use crate::{
    clock::{self, Clock},
    config::Secret,
    notify::outcome::Outcome,
    secret::random_below,
};
use chrono::{DateTime, Utc};
use futures_util::{StreamExt, future::join_all};
use rusmpp::{
    CommandStatus, Pdu,
    extra::concatenation::SubmitSmMultipartExt,
    pdus::{BindTransceiver, DeliverSmResp, SubmitSm},
    types::{COctetString, OctetString},
    values::{
        EsmClass, InterfaceVersion, IntermediateNotification, MCDeliveryReceipt, Npi, RegisteredDelivery,
        SmeOriginatedAcknowledgement, Ton,
    },
};
use rusmppc::{Client, ConnectionBuilder, Event, error::Error};
use std::{
    fmt,
    str::FromStr,
    sync::{Arc, Mutex as Lock, PoisonError},
    time::Duration,
};
use tokio::sync::Mutex;

/// An account at a message centre.
#[derive(Clone, Debug)]
pub struct SmppConfig {
    /// Host name or address.
    pub host: String,
    /// 2775 by custom.
    pub port: u16,
    /// The account.
    pub system_id: String,
    /// Its password, at most eight characters.
    pub password: Secret,
    /// The registered sender number, digits only.
    pub sender: String,
    /// Patience for one answer.
    pub timeout: Duration,
}

/// A client of one message centre. It binds at the first text and again after a break.
pub struct Smpp {
    config: SmppConfig,
    bound: Mutex<Option<Client>>,
    receipts: Arc<Lock<Vec<Report>>>,
}

/// No special message mode. The crate's default is a delivery acknowledgement, which centres refuse or lose.
const PLAIN: u8 = 0;

impl Smpp {
    /// Keeps the configuration; nothing is connected yet.
    pub fn new(config: SmppConfig) -> Self {
        Self { config, bound: Mutex::new(None), receipts: Arc::default() }
    }

    /// The connection, made and bound if there is none.
    async fn client(&self) -> Result<Client, Outcome> {
        let mut bound = self.bound.lock().await;
        if let Some(client) = bound.as_ref().filter(|client| !client.is_closed()) {
            return Ok(client.clone());
        }
        let opened = Clock::within(self.config.timeout, self.open()).await;
        let client = opened.unwrap_or_else(|| Err(Outcome::hold("the message centre does not answer")))?;
        *bound = Some(client.clone());
        Ok(client)
    }

    async fn open(&self) -> Result<Client, Outcome> {
        let hold = |what: &str, error: &dyn fmt::Display| Outcome::hold(format!("{what}: {error}"));
        let unusable = |error: rusmpp::types::COctetStringError| Outcome::stop(error.to_string());
        let (client, mut events) = ConnectionBuilder::new()
            .response_timeout(self.config.timeout)
            .disable_interface_version_check()
            .connect(format!("smpp://{}:{}", self.config.host, self.config.port))
            .await
            .map_err(|error| hold("cannot connect to the message centre", &error))?;
        let bind = BindTransceiver::builder()
            .system_id(COctetString::from_str(&self.config.system_id).map_err(unusable)?)
            .password(COctetString::from_str(self.config.password.expose()).map_err(unusable)?)
            .interface_version(InterfaceVersion::Smpp3_4)
            .build();
        match client.bind_transceiver(bind).await {
            Ok(_) => {}
            Err(Error::UnexpectedResponse { response }) => {
                return Err(match response.status() {
                    CommandStatus::EsmeRbindfail
                    | CommandStatus::EsmeRinvpaswd
                    | CommandStatus::EsmeRinvsysid => Outcome::stop("the message centre refuses our account"),
                    status => Outcome::hold(format!("not bound: {status:?}")),
                });
            }
            Err(error) => return Err(hold("not bound", &error)),
        }
        let (answering, receipts) = (client.clone(), self.receipts.clone());
        tokio::spawn(async move {
            while let Some(event) = events.next().await {
                let Event::Incoming(command) = event else { continue };
                let Some(Pdu::DeliverSm(deliver)) = command.pdu() else { continue };
                let said = String::from_utf8_lossy(deliver.short_message().as_ref()).into_owned();
                if let Some(Receipt { id, is_delivered }) = receipt(&said) {
                    let delivered_at = is_delivered.then(clock::wall);
                    let report = Report { reference: id, delivered_at };
                    receipts.lock().unwrap_or_else(PoisonError::into_inner).push(report);
                }
                let _ = answering.deliver_sm_resp(command.sequence_number(), DeliverSmResp::default()).await;
            }
        });
        Ok(client)
    }

    /// The parts of a text, each with what the centre must know.
    fn parts(&self, text: &Text) -> Result<Vec<SubmitSm>, Outcome> {
        let unfit = |_| Outcome::permanent("the number cannot be put into a request");
        let receipts = RegisteredDelivery::new(
            MCDeliveryReceipt::McDeliveryReceiptRequestedWhereFinalDeliveryOutcomeIsSuccessOrFailure,
            SmeOriginatedAcknowledgement::NoReceiptSmeAcknowledgementRequested,
            IntermediateNotification::NoIntermediaryNotificationRequested,
            0,
        );
        let submit = SubmitSm::builder()
            .source_addr_ton(Ton::National)
            .source_addr_npi(Npi::Isdn)
            .source_addr(COctetString::from_str(&self.config.sender).map_err(unfit)?)
            .dest_addr_ton(Ton::National)
            .dest_addr_npi(Npi::Isdn)
            .destination_addr(COctetString::from_str(&korean(&text.to)).map_err(unfit)?)
            .esm_class(EsmClass::from(PLAIN))
            .registered_delivery(receipts)
            .short_message(OctetString::empty())
            .build();
        // Which parts belong together; chance is enough within the minute in which they arrive.
        let number = u16::try_from(random_below(0x1_0000)).unwrap_or_default();
        let parts = submit.multipart(&text.body).reference_u16(number).ucs2().build();
        parts.map_err(|_| Outcome::permanent("the text cannot be divided into parts"))
    }

    async fn send_one(&self, client: &Client, text: &Text) -> Outcome {
        let parts = match self.parts(text) {
            Ok(parts) => parts,
            Err(outcome) => return outcome,
        };
        let mut reference = None;
        for (at, part) in parts.into_iter().enumerate() {
            match client.submit_sm(part).await {
                Ok(taken) => reference = Some(taken.message_id().as_str().trim_end_matches('\0').to_owned()),
                // Half of a text has left.
                Err(error) if at > 0 => return Outcome::unknown(format!("after part {at}: {error}")),
                Err(error) => return failed(&error),
            }
        }
        Outcome::Accepted { reference }
    }
}

/// What a failed submit means.
fn failed(error: &Error) -> Outcome {
    let Error::UnexpectedResponse { response } = error else {
        return match error {
            Error::Encode(_) | Error::UnsupportedInterfaceVersion { .. } => {
                Outcome::permanent(error.to_string())
            }
            Error::Connect(_) => Outcome::hold(error.to_string()),
            // It may have been written before the connection broke.
            _ => Outcome::unknown(error.to_string()),
        };
    };
    let status = response.status();
    let reason = format!("{status:?}");
    match status {
        CommandStatus::EsmeRinvdstadr | CommandStatus::EsmeRinvdstton | CommandStatus::EsmeRinvdstnpi => {
            Outcome::permanent(reason)
        }
        CommandStatus::EsmeRinvsrcadr
        | CommandStatus::EsmeRinvsrcton
        | CommandStatus::EsmeRinvsrcnpi
        | CommandStatus::EsmeRprohibited
        | CommandStatus::EsmeRsertypunauth => Outcome::stop(reason),
        CommandStatus::EsmeRthrottled
        | CommandStatus::EsmeRmsgqful
        | CommandStatus::EsmeRsyserr
        | CommandStatus::EsmeRinvbndsts => Outcome::hold(reason),
        _ => Outcome::later(reason),
    }
}

impl SmsVendor for Smpp {
    fn name(&self) -> &'static str {
        "smpp"
    }

    fn limits(&self) -> Limits {
        Limits { batch: 20, bytes: bytes::LMS }
    }

    async fn send_batch(&self, texts: &[Text]) -> Vec<Outcome> {
        match self.client().await {
            Ok(client) => join_all(texts.iter().map(|text| self.send_one(&client, text))).await,
            Err(outcome) => vec![outcome; texts.len()],
        }
    }

    /// `query_sm` wants the centre's number, which an unanswered submit never told.
    async fn find(&self, _: &Text, _: DateTime<Utc>) -> Found {
        Found::Deaf
    }

    async fn reports(&self, _: DateTime<Utc>) -> Result<Vec<Report>, String> {
        Ok(std::mem::take(&mut *self.receipts.lock().unwrap_or_else(PoisonError::into_inner)))
    }
}

impl fmt::Debug for Smpp {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Smpp").field("host", &self.config.host).finish_non_exhaustive()
    }
}
