//! One exchange, described as far as a test cares.

use bystander::ledger::{
    CanarySighting, Delivery, Exchange, Facet, Listing, OutcomeClass, ProbeTarget, Purpose, RequestSent,
    ResponseFacts, Temperament,
};

/// A request and its answer, before the history gives it its number.
#[derive(Debug, Clone)]
pub(crate) struct Sent {
    pub(crate) exchange: Exchange,
    pub(crate) asserts: bool,
}

impl Sent {
    fn new(who: &str, surface: Option<&str>, part: Purpose) -> Self {
        let url = surface.map_or("/v1/me".to_owned(), |surface| match surface {
            "replays" => "/v1/replays?limit=20".to_owned(),
            other => format!("/v1/replays/{{{{ recording.id }}}}/{other}"),
        });
        Self {
            asserts: true,
            exchange: Exchange {
                exchange: 0,
                scenario: 0,
                state: 0,
                assertion: None,
                line: 0,
                who: who.into(),
                part,
                surface: surface.map(str::to_owned),
                request: RequestSent {
                    method: "GET".into(),
                    url,
                    rewritten_by: None,
                },
                response: ResponseFacts {
                    status: 200,
                    class: OutcomeClass::Served,
                    delivery: Delivery::Whole,
                    content_type: "application/json".into(),
                    bytes: 640,
                    sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".into(),
                    head: "{\"items\":[{\"id\":…,\"title\":…}],\"total\":…}".into(),
                    normalised_hash: "served".into(),
                },
                seen: Vec::new(),
                stream: false,
                list: None,
                at_ms: 0,
                elapsed_ms: 4,
            },
        }
    }

    pub(crate) fn setup(who: &str, what: &str) -> Self {
        let mut sent = Self::new(who, None, Purpose::Setup { what: what.into() });
        sent.asserts = false;
        sent
    }

    /// A step of the profile on behalf of whoever runs the stack.
    pub(crate) fn operator(who: &str, what: &str) -> Self {
        let mut sent = Self::setup(who, what);
        sent.exchange.part = Purpose::Operator { what: what.into() };
        sent
    }

    pub(crate) fn twin(who: &str, surface: &str, recordings: &[u32]) -> Self {
        let part = Purpose::Twin {
            recordings: recordings.to_vec(),
        };
        Self::new(who, Some(surface), part)
    }

    /// A probe by `bola`, curious, unless told otherwise.
    pub(crate) fn probe(who: &str, surface: &str, targets: &[(u32, u64)]) -> Self {
        let targets = targets
            .iter()
            .map(|(recording, twin)| ProbeTarget {
                recording: *recording,
                twin: (*twin > 0).then_some(*twin),
            })
            .collect();
        let part = Purpose::Probe {
            technique: "bola".into(),
            temperament: Temperament::Curious,
            targets,
            control: None,
            intermediate: false,
            without_credentials: false,
        };
        Self::new(who, Some(surface), part).denied()
    }

    pub(crate) fn control(who: &str, surface: &str) -> Self {
        Self::control_again(who, surface, &[])
    }

    /// A control that is sent once more because of these probes.
    pub(crate) fn control_again(who: &str, surface: &str, repeats: &[u64]) -> Self {
        let part = Purpose::Control {
            technique: "bola".into(),
            repeats: repeats.to_vec(),
        };
        Self::new(who, Some(surface), part).denied()
    }

    /// A probe that is sent once more, for the `round`th time.
    pub(crate) fn again(who: &str, surface: &str, probe: u64, round: u32) -> Self {
        let part = Purpose::Again {
            technique: "bola".into(),
            temperament: Temperament::Curious,
            probes: vec![probe],
            round,
        };
        Self::new(who, Some(surface), part).denied()
    }

    pub(crate) fn pulse(who: &str, alive: bool) -> Self {
        Self::new(who, None, Purpose::Pulse { alive })
    }

    pub(crate) fn read_back(who: &str, recording: u32, probe: u64, changed: bool) -> Self {
        let part = Purpose::ReadBack {
            recording,
            probe,
            changed,
        };
        Self::new(who, Some("item"), part)
    }

    /// Somebody does in the owner's place what only they may do.
    pub(crate) fn attempt(who: &str, owner: &str, surface: &str) -> Self {
        let part = Purpose::Attempt {
            owner: owner.into(),
            technique: "bola-action".into(),
            temperament: Temperament::Hostile,
        };
        let sent = Self::new(who, Some(surface), part);
        sent.denied().outside()
    }

    pub(crate) fn by(mut self, name: &str, how: Temperament) -> Self {
        if let Purpose::Probe {
            technique,
            temperament,
            ..
        } = &mut self.exchange.part
        {
            (*technique, *temperament) = (name.into(), how);
        }
        self
    }

    pub(crate) fn with_control(mut self, number: u64) -> Self {
        if let Purpose::Probe { control, .. } = &mut self.exchange.part {
            *control = Some(number);
        }
        self
    }

    /// Its answer led to the next request only.
    pub(crate) fn on_the_way(mut self) -> Self {
        if let Purpose::Probe {
            intermediate: onward, ..
        } = &mut self.exchange.part
        {
            *onward = true;
        }
        self
    }

    /// Without the asker's credentials.
    pub(crate) fn bare(mut self) -> Self {
        if let Purpose::Probe {
            without_credentials: bare,
            ..
        } = &mut self.exchange.part
        {
            *bare = true;
        }
        self
    }

    pub(crate) fn looking(self) -> Self {
        self.by("list-own", Temperament::Ordinary).served()
    }

    pub(crate) fn outside(mut self) -> Self {
        self.asserts = false;
        self
    }

    pub(crate) fn saw(mut self, recording: u32, facet: Facet) -> Self {
        self.exchange.seen.push(seen(Some(recording), Some(facet)));
        self
    }

    pub(crate) fn saw_stranger(mut self) -> Self {
        self.exchange.seen.push(seen(None, None));
        self
    }

    pub(crate) fn listing(mut self, recordings: &[u32], strangers: u32, total: Option<u64>) -> Self {
        self.exchange.list = Some(Listing {
            items: u32::try_from(recordings.len()).unwrap_or(u32::MAX) + strangers,
            recordings: recordings.to_vec(),
            strangers,
            total,
            pages: 1,
            incomplete: None,
        });
        self
    }

    pub(crate) fn unreadable(mut self, why: &str) -> Self {
        if let Some(list) = &mut self.exchange.list {
            list.incomplete = Some(why.into());
        }
        self
    }

    pub(crate) fn status(mut self, status: u16, class: OutcomeClass) -> Self {
        (self.exchange.response.status, self.exchange.response.class) = (status, class);
        self.exchange.response.normalised_hash = format!("{status}");
        self
    }

    pub(crate) fn served(self) -> Self {
        self.status(200, OutcomeClass::Served)
    }

    pub(crate) fn denied(mut self) -> Self {
        self.exchange.response.head = "{\"error\":…}".into();
        self.exchange.response.bytes = 21;
        self.status(404, OutcomeClass::Denied)
    }

    pub(crate) fn media(mut self, bytes: u64) -> Self {
        self.exchange.response.bytes = bytes;
        self.exchange.response.content_type = "audio/mp4".into();
        self.exchange.response.head = "....ftypM4A ".into();
        self.served()
    }

    pub(crate) fn likeness(mut self, likeness: &str) -> Self {
        self.exchange.response.normalised_hash = likeness.into();
        self
    }

    pub(crate) fn delivery(mut self, delivery: Delivery) -> Self {
        self.exchange.response.delivery = delivery;
        self
    }
}

fn seen(recording: Option<u32>, facet: Option<Facet>) -> CanarySighting {
    CanarySighting {
        recording,
        facet,
        fingerprint: "b5bb9d80".into(),
        place: "body".into(),
        form: "plain".into(),
        offset: 37,
        count: 1,
    }
}
