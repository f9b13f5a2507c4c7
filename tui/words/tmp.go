package words

var zhHelp = map[string]string{}
var zhFlags = map[string]string{}
var zhNames = map[string]string{}
var zhSystem = map[string]string{}
