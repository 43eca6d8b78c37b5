//! References of container images.

/// An image: where it lies and what it is called there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image<'a> {
    /// The reference as it is written.
    pub reference: &'a str,
    /// The host of the registry; empty for Docker Hub.
    pub host: &'a str,
    /// The repository.
    pub repository: &'a str,
    /// The tag or digest; `latest` when there is none.
    pub tag: &'a str,
}

/// How many digits the number of an account has.
const ACCOUNT_DIGITS: usize = 12;

impl<'a> Image<'a> {
    /// The parts of a reference.
    pub fn parse(reference: &'a str) -> Self {
        let (host, rest) = match reference.split_once('/') {
            Some((host, rest)) if host.contains(['.', ':']) || host == "localhost" => (host, rest),
            _ => ("", reference),
        };
        let (repository, tag) = match rest.split_once('@') {
            Some((repository, digest)) => (repository, digest),
            None => rest.rsplit_once(':').unwrap_or((rest, "latest")),
        };
        Self { reference, host, repository, tag }
    }

    /// The account and Region of a private registry of ECR.
    fn registry(&self) -> Option<(&'a str, &'a str)> {
        let (account, rest) = self.host.split_once(".dkr.ecr.")?;
        let region = rest.strip_suffix(".amazonaws.com")?;
        let is_account =
            account.len() == ACCOUNT_DIGITS && account.bytes().all(|b| b.is_ascii_digit());
        (is_account && !region.is_empty()).then_some((account, region))
    }

    /// The ARN of the repository in ECR; `None` for images from elsewhere, which need no role.
    pub fn repository_arn(&self) -> Option<String> {
        let (account, region) = self.registry()?;
        Some(format!("arn:aws:ecr:{region}:{account}:repository/{}", self.repository))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_taken_apart() {
        let image = Image::parse("111122223333.dkr.ecr.ap-northeast-2.amazonaws.com/team/web:1.2");
        assert_eq!((image.repository, image.tag), ("team/web", "1.2"));
        let arn = "arn:aws:ecr:ap-northeast-2:111122223333:repository/team/web";
        assert_eq!(image.repository_arn().as_deref(), Some(arn));
        let digest = Image::parse("111122223333.dkr.ecr.us-east-1.amazonaws.com/web@sha256:ab");
        assert_eq!((digest.repository, digest.tag), ("web", "sha256:ab"));
        for elsewhere in
            ["nginx", "library/nginx:1", "public.ecr.aws/nginx/nginx:1", "ghcr.io/a/b", "x:5000/y"]
        {
            assert_eq!(Image::parse(elsewhere).repository_arn(), None, "{elsewhere}");
        }
        assert_eq!(Image::parse("nginx").tag, "latest");
    }
}
