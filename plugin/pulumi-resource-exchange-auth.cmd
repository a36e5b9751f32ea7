@rem As pulumi-resource-exchange-auth, for Windows.
@node "%~dp0plugin\main.js" %*
