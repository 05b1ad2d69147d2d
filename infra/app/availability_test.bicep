// A look from outside, every five minutes from five places, through everything that a renter's
// request passes: edge, pages, functions, database and queues.
param location string
param tags object
param prefix string
param insightsId string
param url string

resource ping 'Microsoft.Insights/webtests@2022-06-15' = {
  name: '${prefix}-availability'
  location: location
  tags: union(tags, { 'hidden-link:${insightsId}': 'Resource' })
  kind: 'standard'
  properties: {
    SyntheticMonitorId: '${prefix}-availability'
    Name: '${prefix}-availability'
    Enabled: true
    Kind: 'standard'
    Frequency: 300
    Timeout: 30
    RetryEnabled: true
    // Five places: one of them failing is that place's trouble.
    Locations: [
      { Id: 'us-va-ash-azr' }
      { Id: 'latam-br-gru-edge' }
      { Id: 'emea-gb-db3-azr' }
      { Id: 'us-ca-sjc-azr' }
      { Id: 'apac-sg-sin-azr' }
    ]
    Request: { RequestUrl: url, HttpVerb: 'GET', ParseDependentRequests: false }
    ValidationRules: { ExpectedHttpStatusCode: 200, SSLCheck: true, SSLCertRemainingLifetimeCheck: 14 }
  }
}

output id string = ping.id
