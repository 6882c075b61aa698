/** Media type under which a palette row travels; its text is the activity's type. */
export const activityMediaType = 'application/x-millrace-activity';
