package words

// zhSystem are messages of the system and of Go's packages, as far as users
// often meet them. Others stay in English.
var zhSystem = map[string]string{
	"no such file or directory":    "没有这个文件或目录",
	"file does not exist":          "文件不存在",
	"permission denied":            "没有权限",
	"file exists":                  "文件已存在",
	"file already exists":          "文件已存在",
	"is a directory":               "是目录",
	"not a directory":              "不是目录",
	"no space left on device":      "磁盘空间不足",
	"read-only file system":        "文件系统只读",
	"input/output error":           "输入输出错误",
	"file name too long":           "文件名太长",
	"too many open files":          "打开的文件太多",
	"broken pipe":                  "管道的读端已关闭",
	"connection refused":           "连接被拒绝",
	"no such host":                 "没有这个主机",
	"unexpected EOF":               "内容意外结束",
	"unexpected end of JSON input": "JSON 意外结束",
	"zip: not a valid zip file":    "不是有效的 zip 文件",
	"zip: checksum error":          "zip 校验和错误",
	"context deadline exceeded":    "超时",
}
