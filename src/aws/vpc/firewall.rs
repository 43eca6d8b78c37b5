//! Security groups and network ACLs: what lets a connection out, in and back.
//!
//! A rule must cover all addresses that the other side may have: AWS picks the address in a
//! subnet, so a rule for a part of its block would let some connections through and others not.

use crate::aws::vpc::address::{Cidr, Ports};
use crate::aws::vpc::network::{
    AclRule, DEFAULT_SECURITY_GROUP, Network, NetworkAcl, Peer, Rule, SecurityGroup,
};
use crate::aws::vpc::verdict::{Direction, Failure, Hop, Remote};

/// The names of a node's security groups, that of the default one included.
pub(super) fn group_names(groups: &[String]) -> Vec<String> {
    if groups.is_empty() { vec![DEFAULT_SECURITY_GROUP.to_owned()] } else { groups.to_vec() }
}

/// The group among `groups` (of a network interface in `vpc`) that lets a connection through.
pub(super) fn admitting_group(
    network: &Network,
    vpc: &str,
    groups: &[String],
    direction: Direction,
    port: u16,
    remote: &Remote,
) -> Option<String> {
    if groups.is_empty() {
        let admits = match direction {
            Direction::Egress => true,
            Direction::Ingress => is_default_group_of(vpc, remote),
        };
        return admits.then(|| DEFAULT_SECURITY_GROUP.to_owned());
    }
    let fits = |group: &SecurityGroup| {
        let rules = match direction {
            Direction::Egress => &group.egress,
            Direction::Ingress => &group.ingress,
        };
        rules.iter().any(|rule| rule.ports.contain(Ports::one(port)) && fits(rule, remote))
    };
    let name = groups.iter().find(|name| network.security_groups.get(*name).is_some_and(fits))?;
    return Some(name.clone());

    fn fits(rule: &Rule, remote: &Remote) -> bool {
        match (&rule.peer, remote) {
            (Peer::Cidr(block), _) => block.contains(cidr_of(remote)),
            (Peer::SecurityGroup(name), Remote::Private { security_groups, .. }) => {
                security_groups.contains(name)
            }
            (Peer::Service(name), Remote::Service(service)) => name == service,
            _ => false,
        }
    }
}

/// Whether the other side has the default group of this VPC, which lets itself in.
fn is_default_group_of(own: &str, remote: &Remote) -> bool {
    matches!(remote, Remote::Private { vpc, security_groups, .. }
        if security_groups.is_empty() && vpc == own)
}

/// The addresses that the other side may have.
pub(super) fn cidr_of(remote: &Remote) -> Cidr {
    match remote {
        Remote::Private { cidr, .. } => *cidr,
        Remote::Public(Some(cidr)) => *cidr,
        Remote::Public(None) | Remote::Service(_) => Cidr::EVERYWHERE,
    }
}

/// A connection that passes the border of a subnet, seen from the subnet.
#[derive(Clone, Copy)]
pub(super) struct Crossing<'a> {
    /// The subnet.
    pub(super) subnet: &'a str,
    /// Which way the connection is opened.
    pub(super) direction: Direction,
    /// The port that it is opened to.
    pub(super) port: u16,
    /// The other side.
    pub(super) remote: &'a Remote,
}

/// Passes the network ACL of a subnet there and back; nothing to tell of when the subnet has none.
/// `answers` are the ports that answers go to.
pub(super) fn cross(
    network: &Network,
    crossing: Crossing<'_>,
    answers: Ports,
    hops: &mut Vec<Hop>,
) -> Result<(), Failure> {
    let Crossing { subnet, direction, port, remote } = crossing;
    let name = network.subnets.get(subnet).and_then(|subnet| subnet.network_acl.as_ref());
    let Some((name, acl)) = name.and_then(|name| network.network_acls.get_key_value(name)) else {
        return Ok(());
    };
    let cidr = cidr_of(remote);
    let back = match direction {
        Direction::Egress => Direction::Ingress,
        Direction::Ingress => Direction::Egress,
    };
    for (direction, ports, answer) in [(direction, Ports::one(port), false), (back, answers, true)]
    {
        let rule = deciding_rule(acl, direction, cidr, ports);
        if !rule.is_some_and(|rule| rule.allow) {
            return Err(Failure::AclDenied {
                network_acl: name.clone(),
                subnet: subnet.to_owned(),
                direction,
                ports,
                answer,
                rule: rule.map(|rule| rule.number),
            });
        }
    }
    hops.push(Hop::NetworkAcl { network_acl: name.clone(), subnet: subnet.to_owned() });
    Ok(())
}

/// The rule of the least number that covers all addresses and ports. One that covers only some of
/// them decides about some packets, not about the connection, and is passed over.
fn deciding_rule(
    acl: &NetworkAcl,
    direction: Direction,
    cidr: Cidr,
    ports: Ports,
) -> Option<&AclRule> {
    let rules = match direction {
        Direction::Egress => &acl.egress,
        Direction::Ingress => &acl.ingress,
    };
    let covers = |rule: &&AclRule| rule.cidr.contains(cidr) && rule.ports.contain(ports);
    rules.iter().filter(covers).min_by_key(|rule| rule.number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(number: u32, allow: bool, cidr: &str, ports: Ports) -> AclRule {
        AclRule { number, allow, cidr: Cidr::parse(cidr).unwrap(), ports }
    }

    #[test]
    fn the_least_number_decides() {
        let acl = NetworkAcl {
            vpc: "v".to_owned(),
            ingress: vec![
                rule(100, true, "0.0.0.0/0", Ports::ALL),
                rule(90, false, "10.0.1.0/24", Ports::one(3306)),
            ],
            egress: Vec::new(),
        };
        let decides = |cidr: &str, port| {
            let cidr = Cidr::parse(cidr).unwrap();
            deciding_rule(&acl, Direction::Ingress, cidr, Ports::one(port)).map(|rule| rule.number)
        };
        assert_eq!(decides("10.0.1.0/24", 3306), Some(90));
        assert_eq!(decides("10.0.1.0/24", 5432), Some(100));
        assert_eq!(decides("10.0.2.0/24", 3306), Some(100));
        let none = deciding_rule(&acl, Direction::Egress, Cidr::EVERYWHERE, Ports::ALL);
        assert_eq!(none, None);
    }
}
