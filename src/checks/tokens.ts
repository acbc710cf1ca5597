/** Keys of clouds, code hosts and other services, by the formats they publish or keep to; all begin with a mark of their own. */

/** Not in the middle of a longer word: what stands before and after is no part of any of these. */
const token = (body: string): string => `(?<![A-Za-z0-9_-])(?:${body})(?![A-Za-z0-9_-])`

/** Sources by the name a policy uses. */
export const tokens: Readonly<Record<string, string>> = {
  anthropic_key: token('sk-ant-[a-z]{3,8}[0-9]{2}-[\\w-]{80,120}'),
  atlassian_token: token('AT(?:ATT3|CTT3|BB)[\\w=-]{24,200}'),
  aws_key: token('A(?:KIA|SIA|BIA|CCA)[A-Z2-7]{16}|ABSK[A-Za-z0-9+/]{109,269}={0,2}'),
  azure_secret: '(?<![\\w~.-])[\\w~.]{3}\\dQ~[\\w~.-]{31,34}(?![\\w~.-])',
  azure_storage_key: 'AccountKey=[A-Za-z0-9+/]{86}==',
  cn_cloud_key: token('LTAI[A-Za-z0-9]{16,26}|AKID[A-Za-z0-9]{13,40}'),
  databricks_token: token('dapi[a-f0-9]{32}(?:-\\d)?'),
  digitalocean_token: token('do[opr]_v1_[a-f0-9]{64}'),
  docker_token: token('dckr_[po]at_[\\w-]{27,32}'),
  github_token: token('gh[opsur]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}'),
  gitlab_token: token('gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat|oas|ffct)-[\\w-]{20,64}'),
  google_key: token('AIza[\\w-]{35}|GOCSPX-[\\w-]{28}|ya29\\.[\\w-]{20,400}'),
  grafana_token: token('glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}'),
  hugging_face_token: token('hf_[A-Za-z]{34}|api_org_[A-Za-z]{34}'),
  linear_key: token('lin_(?:api|oauth)_[A-Za-z0-9]{40,64}'),
  mailgun_key: token('key-[a-f0-9]{32}'),
  mailchimp_key: token('[a-f0-9]{32}-us[0-9]{1,2}'),
  new_relic_key: token('NRAK-[A-Z0-9]{27}'),
  notion_token: token('ntn_[A-Za-z0-9]{40,60}|secret_[A-Za-z0-9]{43}'),
  npm_token: token('npm_[A-Za-z0-9]{36}'),
  openai_key: token(
    'sk-(?:proj|svcacct|admin|None)-[\\w-]{20,200}|sk-[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20}|sk-[A-Za-z0-9]{40,64}',
  ),
  planetscale_token: token('pscale_(?:pw|tkn|oauth)_[\\w=.-]{32,64}'),
  postman_key: token('PMAK-[a-f0-9]{24}-[a-f0-9]{34}'),
  pypi_token: token('pypi-AgE[IN][\\w-]{50,400}'),
  rubygems_key: token('rubygems_[a-f0-9]{48}'),
  sendgrid_key: token('SG\\.[\\w-]{22}\\.[\\w-]{43}'),
  shopify_token: token('shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}'),
  slack_token: token('xox[abeoprs]-[A-Za-z0-9-]{10,250}|xapp-\\d-[A-Z0-9]{8,14}-\\d{10,14}-[a-f0-9]{32,80}'),
  slack_webhook: 'hooks\\.slack\\.com/(?:services|workflows|triggers)/[A-Za-z0-9+/]{43,60}',
  square_token: token('sq0(?:atp|csp)-[\\w-]{22,43}|EAAA[\\w-]{60}'),
  stripe_key: token('(?:sk|rk)_(?:live|test|prod)_[A-Za-z0-9]{10,99}|whsec_[A-Za-z0-9+/]{32,64}'),
  telegram_token: token('\\d{8,10}:AA[\\w-]{33}'),
  twilio_key: token('SK[a-f0-9]{32}'),
  vault_token: token('hv[sb]\\.[\\w-]{90,200}'),
}
