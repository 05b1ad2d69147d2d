// The SLOs as alerts. Every query answers rows only when something is wrong, so each rule is the
// same: more than no row. The queries stand in infra/observability/queries, so that the runbooks and
// the workbook show the very text that woke somebody up (a test compares them).
param location string
param tags object
param prefix string
param workspaceId string
param actionGroupId string
param insightsId string
param availabilityTestId string
param postgresId string
@description('Where the runbooks are read, without a slash at the end.')
param runbooksUrl string

// Severity 0 wakes somebody at night, 1 by day at once, 2 within the working day.
var rules = [
  {
    name: 'availability-burn-fast'
    severity: 0
    every: 'PT5M'
    window: 'PT1H'
    query: loadTextContent('../observability/queries/availability-burn-fast.kql')
  }
  {
    name: 'availability-burn-slow'
    severity: 1
    every: 'PT15M'
    window: 'PT6H'
    query: loadTextContent('../observability/queries/availability-burn-slow.kql')
  }
  {
    name: 'latency'
    severity: 2
    every: 'PT5M'
    window: 'PT15M'
    query: loadTextContent('../observability/queries/latency.kql')
  }
  {
    name: 'time-to-decision'
    severity: 1
    every: 'PT5M'
    window: 'PT30M'
    query: loadTextContent('../observability/queries/time-to-decision.kql')
  }
  {
    name: 'email-delay'
    severity: 2
    every: 'PT5M'
    window: 'PT15M'
    query: loadTextContent('../observability/queries/email-delay.kql')
  }
  {
    name: 'queue-depth'
    severity: 1
    every: 'PT1M'
    window: 'PT5M'
    query: loadTextContent('../observability/queries/queue-depth.kql')
  }
  {
    name: 'queue-age'
    severity: 1
    every: 'PT1M'
    window: 'PT5M'
    query: loadTextContent('../observability/queries/queue-age.kql')
  }
  {
    name: 'poison'
    severity: 1
    every: 'PT5M'
    window: 'PT10M'
    query: loadTextContent('../observability/queries/poison.kql')
  }
  {
    name: 'calendar-drift'
    severity: 1
    every: 'PT1H'
    window: 'P1D'
    query: loadTextContent('../observability/queries/calendar-drift.kql')
  }
  {
    name: 'reconciliation-drift'
    severity: 1
    every: 'PT15M'
    window: 'PT30M'
    query: loadTextContent('../observability/queries/reconciliation-drift.kql')
  }
  {
    name: 'payment-failures'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    query: loadTextContent('../observability/queries/payment-failures.kql')
  }
  {
    name: 'disputes'
    severity: 2
    every: 'PT1H'
    window: 'PT2H' // longer than each hour: what arrives late is not missed between two looks
    query: loadTextContent('../observability/queries/disputes.kql')
  }
  {
    name: 'failed-functions'
    severity: 1
    every: 'PT5M'
    window: 'PT15M'
    query: loadTextContent('../observability/queries/failed-functions.kql')
  }
  {
    name: 'silent-timers'
    severity: 0
    every: 'PT5M'
    window: 'PT15M'
    query: loadTextContent('../observability/queries/silent-timers.kql')
  }
]

resource logAlerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for rule in rules: {
    name: '${prefix}-${rule.name}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: rule.name
      description: 'Runbook: ${runbooksUrl}/${rule.name}.md'
      severity: rule.severity
      enabled: true
      scopes: [workspaceId]
      evaluationFrequency: rule.every
      windowSize: rule.window
      criteria: {
        allOf: [
          {
            query: rule.query
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 }
          }
        ]
      }
      autoMitigate: true
      // The queries read custom properties that exist only after the first telemetry.
      skipQueryValidation: true
      actions: { actionGroups: [actionGroupId] }
    }
  }
]

resource unreachable 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${prefix}-unreachable'
  location: 'global'
  tags: tags
  properties: {
    description: 'Runbook: ${runbooksUrl}/unreachable.md'
    severity: 0
    enabled: true
    scopes: [availabilityTestId, insightsId]
    evaluationFrequency: 'PT1M'
    windowSize: 'PT5M'
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria'
      webTestId: availabilityTestId
      componentId: insightsId
      failedLocationCount: 2
    }
    actions: [{ actionGroupId: actionGroupId }]
  }
}

// What ends a database before its SLOs notice.
var databaseRules = [
  { name: 'database-cpu', metric: 'cpu_percent', threshold: 80 }
  { name: 'database-storage', metric: 'storage_percent', threshold: 85 }
  { name: 'database-memory', metric: 'memory_percent', threshold: 90 }
]

resource database 'Microsoft.Insights/metricAlerts@2018-03-01' = [
  for rule in databaseRules: {
    name: '${prefix}-${rule.name}'
    location: 'global'
    tags: tags
    properties: {
      description: 'Runbook: ${runbooksUrl}/database.md'
      severity: 2
      enabled: true
      scopes: [postgresId]
      evaluationFrequency: 'PT5M'
      windowSize: 'PT15M'
      criteria: {
        'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
        allOf: [
          {
            criterionType: 'StaticThresholdCriterion'
            name: rule.name
            metricName: rule.metric
            metricNamespace: 'Microsoft.DBforPostgreSQL/flexibleServers'
            operator: 'GreaterThan'
            threshold: rule.threshold
            timeAggregation: 'Average'
          }
        ]
      }
      actions: [{ actionGroupId: actionGroupId }]
    }
  }
]
