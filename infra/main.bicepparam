// One file for every environment: what differs comes from azd's environment (azd env set …) or the
// pipeline's variables; how dev and prod differ in size stands in infra/profiles.
using './main.bicep'

param environmentName = readEnvironmentVariable('AZURE_ENV_NAME')
param location = readEnvironmentVariable('AZURE_LOCATION', 'brazilsouth')
param siteLocation = readEnvironmentVariable('SITE_LOCATION', 'eastus2')
param profile = readEnvironmentVariable('RENTACAR_PROFILE', 'dev')

param deployerObjectId = readEnvironmentVariable('DEPLOYER_OBJECT_ID')
param deployerName = readEnvironmentVariable('DEPLOYER_NAME')
param deployerType = readEnvironmentVariable('DEPLOYER_TYPE', 'ServicePrincipal')

param alertEmail = readEnvironmentVariable('ALERT_EMAIL')
param runbooksUrl = readEnvironmentVariable('RUNBOOKS_URL')
param oidcIssuer = readEnvironmentVariable('OIDC_ISSUER')
param oidcAudience = readEnvironmentVariable('OIDC_AUDIENCE', 'rentacar')
param oidcWebClientId = readEnvironmentVariable('OIDC_WEB_CLIENT_ID')
param oidcWebScope = readEnvironmentVariable('OIDC_WEB_SCOPE', 'openid profile')
param stripePublishableKey = readEnvironmentVariable('STRIPE_PUBLISHABLE_KEY')
param smtpHost = readEnvironmentVariable('SMTP_HOST', 'smtp.sendgrid.net')
param smtpUsername = readEnvironmentVariable('SMTP_USERNAME', 'apikey')
param emailFrom = readEnvironmentVariable('EMAIL_FROM')
param customDomain = readEnvironmentVariable('CUSTOM_DOMAIN', '')
param budgetStart = readEnvironmentVariable('BUDGET_START')
param flagsToWrite = split(readEnvironmentVariable('FLAGS_TO_WRITE', ''), ',')
