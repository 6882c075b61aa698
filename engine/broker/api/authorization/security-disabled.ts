/** What Kafka says of rules to a broker that is set up to ask none. */
export const securityDisabled = 'No Authorizer is configured.';
