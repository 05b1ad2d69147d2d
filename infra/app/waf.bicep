// The firewall at the edge. Managed rules need the Premium tier; the rate limit does not.
param tags object
param prefix string
@allowed(['Standard_AzureFrontDoor', 'Premium_AzureFrontDoor'])
param sku string

var isPremium = sku == 'Premium_AzureFrontDoor'

resource policy 'Microsoft.Network/FrontDoorWebApplicationFirewallPolicies@2024-02-01' = {
  name: replace('${prefix}waf', '-', '')
  location: 'global'
  tags: tags
  sku: { name: sku }
  properties: {
    policySettings: { enabledState: 'Enabled', mode: 'Prevention', requestBodyCheck: 'Enabled' }
    customRules: {
      rules: [
        {
          // 300 calls in a minute is far beyond a person, and under what a city's shared address
          // needs. Stripe signs its webhooks and retries them in bursts: they are not counted.
          name: 'RateLimitApi'
          priority: 100
          enabledState: 'Enabled'
          ruleType: 'RateLimitRule'
          rateLimitDurationInMinutes: 1
          rateLimitThreshold: 300
          action: 'Block'
          matchConditions: [
            {
              matchVariable: 'RequestUri'
              operator: 'Contains'
              matchValue: ['/api/']
              transforms: ['UrlDecode', 'Lowercase'] // %61pi is served as api
            }
            {
              matchVariable: 'RequestUri'
              // The whole address and nothing after it: whoever only had to contain the path would
              // append ?/api/webhooks/stripe to any call, and count no more.
              operator: 'RegEx'
              negateCondition: true
              matchValue: ['^(https?://[^/?#]+)?/api/webhooks/stripe$']
            }
          ]
        }
      ]
    }
    managedRules: {
      managedRuleSets: isPremium
        ? [
            {
              ruleSetType: 'Microsoft_DefaultRuleSet'
              ruleSetVersion: '2.1'
              ruleSetAction: 'Block'
            }
            { ruleSetType: 'Microsoft_BotManagerRuleSet', ruleSetVersion: '1.1' }
          ]
        : []
    }
  }
}

output id string = policy.id
